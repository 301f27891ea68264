import { useEffect, useRef, useState } from '../../lib/html.js';
import { call } from '../../api/client.js';

/** The pause in typing before a request. */
const REST_MS = 300;

const NOTHING = { request: null, problems: [], error: null, loading: false, isStale: false };

/**
 * Renders the request with the API while it is typed. `text` is the body of the preview, `null` while there is none. Returns
 * `{ request, problems, error, loading, isStale, again }`: `request` is the last rendered one, `isStale` says that `text` has
 * changed since, `problems` are the fields that the API refused.
 */
export function usePreview(text) {
  const [state, setState] = useState(NOTHING);
  const [attempt, setAttempt] = useState(0);
  const isFirst = useRef(true);
  useEffect(() => {
    if (text === null) {
      setState((state) => ({ ...state, problems: [], error: null, loading: false, isStale: state.request !== null }));
      return undefined;
    }
    const aborting = new AbortController();
    const ask = async () => {
      isFirst.current = false;
      setState((state) => ({ ...state, loading: true }));
      try {
        const request = await call('previewWebhook', { bodyText: text, signal: aborting.signal });
        if (!aborting.signal.aborted) setState({ ...NOTHING, request });
      } catch (error) {
        if (aborting.signal.aborted) return;
        const isRefused = error.kind === 'invalid' && error.fields.length > 0;
        setState((state) => ({ ...state, loading: false, isStale: state.request !== null, problems: isRefused ? error.fields : [], error: isRefused ? null : error }));
      }
    };
    const timer = setTimeout(ask, isFirst.current ? 0 : REST_MS);
    return () => {
      clearTimeout(timer);
      aborting.abort();
    };
  }, [text, attempt]);
  return { ...state, again: () => setAttempt((attempt) => attempt + 1) };
}
