// Polling: when data are reloaded automatically.
import { isAttended, onAttention } from './attention.js';

/** The longest wait after errors, unless the interval itself or `Retry-After` is longer. */
const LONGEST_MS = 120_000;

/** Answers that another request does not change. */
const FINAL = [400, 403, 404];

/**
 * Milliseconds until the next reading: `every` after an answer, longer with each error that follows on another (`failures`).
 * `null` stops: the request is wrong, its subject is gone, or the key was refused.
 */
export function waitAfter(every, error, failures) {
  if (!error) return every;
  if (error.kind === 'key' || FINAL.includes(error.status)) return null;
  const longer = Math.max(every, Math.min(every * 2 ** failures, LONGEST_MS));
  return Math.max(longer, (error.retryAfter ?? 0) * 1000);
}

/**
 * Calls `read()` so many milliseconds after each answer; tell it of answers with `answered(error)`. A turn is skipped while
 * `isBusy()`, and runs as soon as the reader looks again after it was due. `stop()` ends it.
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
