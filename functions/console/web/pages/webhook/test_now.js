// The test that a page's main action asks for: the panel of tests sends it. It stands in no address, so a reload sends nothing.
import { signal } from '../../lib/signal.js';

/** So long an ask counts: a reader who stays on a page with unsaved changes is not surprised later. */
const MOST_MS = 5_000;

/** The webhook that was asked for, and when. */
export const testAsked = signal(null);

/** Asks for a test of a webhook. */
export const askForTest = (id, now = Date.now()) => testAsked.set({ id, at: now });

/** Takes the ask for a webhook, if there is one: `true` once for each. */
export function takeTest(id, now = Date.now()) {
  const asked = testAsked.get();
  if (asked?.id !== id) return false;
  testAsked.set(null);
  return now - asked.at < MOST_MS;
}
