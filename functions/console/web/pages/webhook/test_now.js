// The test that a page's main action requests and the test panel sends. It is not in the address, so a reload sends nothing.
import { signal } from '../../lib/signal.js';

/** How long a requested test is valid. It must not surprise a reader who stays longer on a page with unsaved changes. */
const MOST_MS = 5_000;

/** The webhook of the requested test, and when it was requested. */
export const testAsked = signal(null);

/** Requests a test of a webhook. */
export const askForTest = (id, now = Date.now()) => testAsked.set({ id, at: now });

/** Consumes the requested test of a webhook: `true` once for each, if it is recent. */
export function takeTest(id, now = Date.now()) {
  const asked = testAsked.get();
  if (asked?.id !== id) return false;
  testAsked.set(null);
  return now - asked.at < MOST_MS;
}
