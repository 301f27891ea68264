// Whether the reader is looking: the tab is visible, and the pointer or the keyboard was used recently.

/** The time without input after which automatic reloads pause. */
export const IDLE_MS = 15 * 60_000;

const INPUTS = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart'];

const followers = new Set();
let lastInput = Date.now();
let isListening = false;

const isSeen = () => globalThis.document?.visibilityState !== 'hidden';
const isIdle = () => Date.now() - lastInput >= IDLE_MS;

/** Whether the reader is looking now. */
export const isAttended = () => isSeen() && !isIdle();

/** Records input, or that the tab is visible again, and notifies subscribers if the reader is looking again. */
function attend(event) {
  if (!isSeen()) return;
  const returns = isIdle() || event.type === 'visibilitychange';
  lastInput = Date.now();
  if (returns) [...followers].forEach((follow) => follow());
}

/** Runs `follow()` when the reader looks again. Returns a function that unsubscribes. */
export function onAttention(follow) {
  if (!isListening && globalThis.document) {
    isListening = true;
    INPUTS.forEach((name) => window.addEventListener(name, attend, { capture: true, passive: true }));
    document.addEventListener('visibilitychange', attend);
  }
  followers.add(follow);
  return () => followers.delete(follow);
}
