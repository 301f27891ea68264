// The data that a page reads from the API.
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { polling } from './polling.js';
import { session } from './session.js';

/**
 * Loads data with `load(signal)` when the component appears and whenever `deps` change. With `every`, reloads that many
 * milliseconds after each response, while the reader is looking (see `polling.js`) and not while `isHeld()`. Returns `{ data,
 * error, loading, reload, setData, cancel }`. Earlier `data` stay until the next arrive, unless `deps` changed. `loading` is
 * not set by automatic reloads, and `cancel` aborts a request in flight.
 */
export function useResource(load, deps, { every, isHeld = () => false } = {}) {
  const [state, setState] = useState({ data: undefined, error: null, loading: true });
  const current = useRef(null);
  const poll = useRef(null);
  const isRefused = useRef(false);
  const run = useCallback(async (keepsData, { isQuiet = false } = {}) => {
    current.current?.abort();
    const aborting = new AbortController();
    current.current = aborting;
    isRefused.current = false;
    if (!isQuiet) setState((state) => ({ data: keepsData ? state.data : undefined, error: keepsData ? state.error : null, loading: true }));
    const end = (error, change) => {
      if (aborting.signal.aborted) return;
      current.current = null;
      isRefused.current = error?.kind === 'key';
      setState(change);
      poll.current?.answered(error);
    };
    try {
      const data = await load(aborting.signal);
      end(null, { data, error: null, loading: false });
    } catch (error) {
      end(error, (state) => ({ data: state.data, error, loading: false }));
    }
  }, deps);
  const cancel = useCallback(() => {
    if (!current.current) return;
    current.current.abort();
    current.current = null;
    setState((state) => ({ ...state, loading: false }));
    poll.current?.answered(null);
  }, []);
  useEffect(() => {
    if (!every) return undefined;
    const begun = polling({ every, read: () => run(true, { isQuiet: true }), isBusy: () => Boolean(current.current) || isHeld() });
    poll.current = begun;
    return () => {
      begun.stop();
      poll.current = null;
    };
  }, [run, every]);
  useEffect(() => {
    run(false);
    return () => {
      current.current?.abort();
      current.current = null;
    };
  }, [run]);
  // The key was refused, and the reader has signed in with another one.
  useEffect(() => session.subscribe(({ key }) => {
    if (key && isRefused.current) run(true);
  }), [run]);
  const reload = useCallback(() => run(true), [run]);
  const setData = useCallback((data) => setState({ data, error: null, loading: false }), []);
  return { ...state, reload, setData, cancel };
}

/**
 * Reads a list page by page with `load(cursor, signal)`, which returns `{ data, next_cursor }`. A page may be empty
 * although more follow. Returns `{ rows, error, loading, hasMore, more, reload, last }`; `last` is the last response.
 */
export function usePages(load, deps, { every } = {}) {
  const [extra, setExtra] = useState({ rows: [], last: null, loading: false, error: null });
  // A reloaded first page ends at another row, so rows between it and the next page would be lost.
  const isExtended = useRef(false);
  const first = useResource((signal) => load(undefined, signal), deps, { every: extra.last ? undefined : every, isHeld: () => isExtended.current });
  // A page that was requested before the list started again belongs to another list.
  const generation = useRef(0);
  const begin = () => {
    generation.current += 1;
    isExtended.current = false;
    setExtra({ rows: [], last: null, loading: false, error: null });
  };
  useEffect(begin, deps);
  const last = extra.last ?? first.data ?? null;
  const more = async () => {
    const asked = generation.current;
    isExtended.current = true;
    first.cancel();
    const ifCurrent = (change) => generation.current === asked && setExtra(change);
    setExtra((extra) => ({ ...extra, loading: true, error: null }));
    try {
      const answer = await load(last.next_cursor);
      ifCurrent((extra) => ({ rows: [...extra.rows, ...answer.data], last: answer, loading: false, error: null }));
    } catch (error) {
      ifCurrent((extra) => {
        isExtended.current = Boolean(extra.last);
        return { ...extra, loading: false, error };
      });
    }
  };
  const reload = () => {
    begin();
    first.reload();
  };
  return {
    rows: first.data && [...first.data.data, ...extra.rows],
    error: extra.error ?? first.error,
    loading: first.loading || extra.loading,
    hasMore: Boolean(last?.next_cursor),
    more, reload, last,
  };
}

/** The action of a button: `run(action)` with `busy` and `error`. A second click while it runs does nothing. */
export function useAction() {
  const [state, setState] = useState({ busy: false, error: null });
  const running = useRef(false);
  const run = async (action) => {
    if (running.current) return undefined;
    running.current = true;
    setState({ busy: true, error: null });
    try {
      const done = await action();
      setState({ busy: false, error: null });
      return done;
    } catch (error) {
      setState({ busy: false, error });
      return undefined;
    } finally {
      running.current = false;
    }
  };
  const clear = () => setState({ busy: false, error: null });
  return { ...state, run, clear };
}
