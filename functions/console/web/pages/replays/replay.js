// The range and the progress of a replay.
import { isBackwards } from '../../lib/ranges.js';

/** The wrong part of a range of two times in the API's format: `from`, `to` or `order`; `null` if it is valid. */
export function wrongOf(from, to) {
  if (!from) return 'from';
  if (!to) return 'to';
  return isBackwards({ from, to }) ? 'order' : null;
}

/** The number of deliveries on the first pages of lists, and whether there are more. */
export function countOf(pages) {
  return {
    count: pages.reduce((sum, { data }) => sum + data.length, 0),
    isMore: pages.some(({ next_cursor: next }) => next !== null && next !== undefined),
  };
}

/** The shares of a replay's progress, 0 to 1; `null` until its deliveries are counted. */
export function sharesOf({ total, done, queued, missing }) {
  if (total === null || total === undefined) return null;
  const share = (count) => (total ? Math.min(count / total, 1) : 0);
  return { done: total ? share(done) : 1, missing: share(missing), queued: share(queued) };
}

/** Whether a replay is in progress. */
export const isLive = ({ status }) => status === 'counting' || status === 'sending';
