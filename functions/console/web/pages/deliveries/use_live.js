import { useEffect, useState } from '../../lib/html.js';
import { withNews } from './list.js';

const EVERY_MS = 10_000;

/**
 * Reloads the first page of a list while the tab is visible. `pages` is the result of `usePages`, `load(signal)` reads the
 * first page, `of` identifies the list. Returns `pages` with changed rows, and `added`, `gone`, `isLive`, `failedAt`, and
 * `show`, which shows the new rows. It stops once more pages are shown.
 */
export function useLive(pages, load, of, isOn) {
  const [fresh, setFresh] = useState(null);
  const [failedAt, setFailedAt] = useState(null);
  const [isExtended, setExtended] = useState(false);
  const begin = () => {
    setFresh(null);
    setFailedAt(null);
    setExtended(false);
  };
  useEffect(begin, [of]);
  const isLive = isOn && !isExtended && Boolean(pages.rows);
  useEffect(() => {
    if (!isLive) return undefined;
    const aborting = new AbortController();
    let isBusy = false;
    const read = async () => {
      if (document.visibilityState !== 'visible' || isBusy) return;
      isBusy = true;
      try {
        const { data } = await load(aborting.signal);
        if (aborting.signal.aborted) return;
        setFresh(data);
        setFailedAt(null);
      } catch {
        if (!aborting.signal.aborted) setFailedAt((before) => before ?? new Date().toISOString());
      } finally {
        isBusy = false;
      }
    };
    const timer = setInterval(read, EVERY_MS);
    return () => {
      clearInterval(timer);
      aborting.abort();
    };
  }, [of, isLive]);
  const { rows, added, gone } = withNews(pages.rows, isExtended ? null : fresh, pages.hasMore);
  const more = () => {
    setExtended(true);
    return pages.more();
  };
  const reload = () => {
    begin();
    pages.reload();
  };
  return { pages: { ...pages, rows, more, reload }, added, gone, isLive, failedAt, isExtended, show: reload };
}
