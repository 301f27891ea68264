// Short messages at the edge. One of success goes after 2 s, one of a failure stays until it is closed.
import { signal } from '../lib/signal.js';
import { onSignOut } from './session.js';

/** `id`, `text`, `kind` (`done` or `failed`), `again` (what "Try again" does), `undo` (what "Undo" does). */
export const toasts = signal([]);
let last = 0;
onSignOut(() => toasts.set([]));

export const closeToast = (id) => toasts.set(toasts.get().filter((toast) => toast.id !== id));

function show(toast) {
  last += 1;
  const id = last;
  toasts.set([...toasts.get(), { ...toast, id }]);
  return id;
}

/** Says that something was done. */
export function sayDone(text) {
  const id = show({ text, kind: 'done' });
  setTimeout(() => closeToast(id), 2000);
}

/** Says that something was done that `undo` takes back; stays for 10 s. The next one replaces it, since undoing goes back one step. */
export function sayUndoable(text, undo) {
  toasts.set(toasts.get().filter((toast) => !toast.undo));
  const id = show({ text, kind: 'done', undo });
  setTimeout(() => closeToast(id), 10_000);
}

/** Says that something failed, beside the error at its own place. */
export const sayFailed = (text, again) => show({ text, kind: 'failed', again });
