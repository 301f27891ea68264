// Short messages at the edge of the page. A success disappears after 2 s, a failure stays until it is closed.
import { signal } from '../lib/signal.js';
import { onSignOut } from './session.js';

/** `id`, `text`, `kind` (`done` or `failed`), `again` (what "Try again" does), `undo` (what "Undo" does). */
export const toasts = signal([]);
let last = 0;

/** The timers of toasts that disappear by themselves, by id: `{ timer, ends, left }` in milliseconds. */
const timers = new Map();

export function closeToast(id) {
  clearTimeout(timers.get(id)?.timer);
  timers.delete(id);
  toasts.set(toasts.get().filter((toast) => toast.id !== id));
}

onSignOut(() => toasts.get().forEach(({ id }) => closeToast(id)));

function show(toast, left) {
  last += 1;
  const id = last;
  toasts.set([...toasts.get(), { ...toast, id }]);
  if (left) start(id, left);
  return id;
}

const start = (id, left) => timers.set(id, { timer: setTimeout(() => closeToast(id), left), ends: Date.now() + left });

/** Pauses the timer of a toast while the pointer or the focus is on it. */
export function holdToast(id) {
  const entry = timers.get(id);
  if (!entry || entry.left !== undefined) return;
  clearTimeout(entry.timer);
  timers.set(id, { left: entry.ends - Date.now() });
}

/** Restarts the timer of a paused toast, with at least a second left. */
export function releaseToast(id) {
  const left = timers.get(id)?.left;
  if (left !== undefined) start(id, Math.max(left, 1000));
}

/** Shows a success. */
export const sayDone = (text) => void show({ text, kind: 'done' }, 2000);

/** Shows a success that `undo` reverts; stays for 10 s. The next one replaces it, since undo goes back one step. */
export function sayUndoable(text, undo) {
  toasts.get().filter((toast) => toast.undo).forEach(({ id }) => closeToast(id));
  show({ text, kind: 'done', undo }, 10_000);
}

/** Shows a failure, beside the error on the page. */
export const sayFailed = (text, again) => show({ text, kind: 'failed', again });
