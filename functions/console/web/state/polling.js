// Polling: when data are reloaded automatically.
import { isAttended, onAttention } from './attention.js';

/** The longest wait after errors, unless the interval itself or `Retry-After` is longer. */
const LONGEST_MS = 120_000;

/** Status codes that a repeated request would get again. */
const FINAL = [400, 403, 404];

/**
 * Milliseconds until the next read: `every` after a success, longer with each consecutive error (`failures`). `null` stops:
 * the request is wrong, its subject is gone, or the key was refused.
 */
export function waitAfter(every, error, failures) {
  if (!error) return every;
  if (error.kind === 'key' || FINAL.includes(error.status)) return null;
  const longer = Math.max(every, Math.min(every * 2 ** failures, LONGEST_MS));
  return Math.max(longer, (error.retryAfter ?? 0) * 1000);
}

/**
 * Calls `read()` `every` milliseconds after each response; report responses with `answered(error)`. Skips a turn while
 * `isBusy()`. A turn that is due while the reader is not looking runs as soon as the reader looks again. `stop()` ends it.
 */
export function polling({ every, read, isBusy }) {
  let timer = null;
  let due = null;
  let failures = 0;
  const turn = () => {
    if (due === null || Date.now() < due || !isAttended()) return;
    if (isBusy()) return void plan(every);
    due = null;
    read();
  };
  const plan = (wait) => {
    clearTimeout(timer);
    due = wait === null ? null : Date.now() + wait;
    if (wait !== null) timer = setTimeout(turn, wait);
  };
  const stopFollowing = onAttention(turn);
  plan(every);
  return {
    answered(error) {
      failures = error ? failures + 1 : 0;
      plan(waitAfter(every, error, failures));
    },
    stop() {
      clearTimeout(timer);
      stopFollowing();
      due = null;
    },
  };
}
