import { useEffect, useRef, useState } from '../../lib/html.js';
import { call } from '../../api/client.js';
import { usePages } from '../../state/resource.js';

/** The most empty pages that are requested in a row: a page ends after 2 s of searching. */
const MOST_PAGES = 20;

/**
 * Searches reports. While pages are empty and more follow, it requests the next one, up to a limit. Returns the result of
 * `usePages`, with `searching` (`{ searchedTo }` while it continues automatically) and `stop`.
 */
export function useSearch(params) {
  const [searching, setSearching] = useState(null);
  const running = useRef(0);
  const of = JSON.stringify(params);
  const load = async (cursor, signal) => {
    running.current += 1;
    const mine = running.current;
    const isMine = () => running.current === mine && !signal?.aborted;
    let next = cursor;
    for (let page = 1; ; page += 1) {
      const answer = await call('searchReports', { query: { ...params, cursor: next }, signal });
      const isOver = answer.data.length > 0 || !answer.next_cursor || page === MOST_PAGES;
      if (isOver || !isMine()) {
        if (isMine()) setSearching(null);
        return answer;
      }
      setSearching({ searchedTo: answer.searched_to });
      next = answer.next_cursor;
    }
  };
  const pages = usePages(load, [of]);
  const stop = () => {
    running.current += 1;
    setSearching(null);
  };
  useEffect(() => stop, [of]);
  useEffect(() => pages.error && stop(), [pages.error]);
  return { ...pages, searching, stop };
}
