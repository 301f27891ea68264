// Whether the reader looks: the tab is seen, and the pointer or the keyboard was used not long ago.

/** What reads by itself pauses after so long without input. */
export const IDLE_MS = 15 * 60_000;

const INPUTS = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart'];

const followers = new Set();
let lastInput = Date.now();
let isListening = false;

const isSeen = () => globalThis.document?.visibilityState !== 'hidden';
const isIdle = () => Date.now() - lastInput >= IDLE_MS;

/** Whether the reader looks now. */
export const isAttended = () => isSeen() && !isIdle();

/** Notes input, or that the tab is seen again, and tells those that wait for the reader to look again. */
function attend(event) {
  if (!isSeen()) return;
  const returns = isIdle() || event.type === 'visibilitychange';
  lastInput = Date.now();
  if (returns) [...followers].forEach((follow) => follow());
}

/** Runs `follow()` when the reader looks again. Returns a function that ends this. */
export function onAttention(follow) {
  if (!isListening && globalThis.document) {
    isListening = true;
    INPUTS.forEach((name) => window.addEventListener(name, attend, { capture: true, passive: true }));
    document.addEventListener('visibilitychange', attend);
  }
  followers.add(follow);
  return () => followers.delete(follow);
}
