// The data of the overview, reloaded every 30 s.
import { call } from '../../api/client.js';
import { useState } from '../../lib/html.js';
import { fromOf } from '../../lib/figures.js';
import { useResource } from '../../state/resource.js';
import { can } from '../../state/session.js';

const EVERY_MS = 30_000;
const PAGE = 100;
const PAGES = 10;

/** The hours of a range; `onRead` gets the time of each reading. */
export const useFigures = (range, onRead) => useResource(async (signal) => {
  const { data } = await call('readAccountFigures', { query: { from: fromOf(range) }, signal });
  onRead(Date.now());
  return { range, hours: data };
}, [range], { every: EVERY_MS });

/** The account's last reports. */
export const useReports = () => useResource((signal) => call('searchReports', { query: { limit: 10 }, signal }), [], { every: EVERY_MS });

/**
 * The newest webhooks, up to 1,000, with their health: `rows`, and `isAll`. With many pages they are read less often, so that an open
 * tab sends at most one request for a list per 30 s.
 */
export function useWebhooks() {
  const [pages, setPages] = useState(1);
  return useResource(async (signal) => {
    if (!can('webhooks:read')) return { rows: [], isAll: true };
    const rows = [];
    let cursor;
    let count = 0;
    do {
      const answer = await call('listWebhooks', { query: { include: 'summary', limit: PAGE, cursor }, signal });
      rows.push(...answer.data);
      cursor = answer.next_cursor;
      count += 1;
    } while (cursor && count < PAGES);
    setPages(count);
    return { rows, isAll: !cursor };
  }, [], { every: EVERY_MS * pages });
}
