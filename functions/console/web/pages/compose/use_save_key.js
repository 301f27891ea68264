import { useEffect, useRef } from '../../lib/html.js';
import { can } from '../../state/session.js';

/** Calls the `save` of the latest render on Ctrl+S (or Cmd+S), unless a dialog is open. */
export function useSaveKey(save) {
  const latest = useRef(save);
  latest.current = save;
  useEffect(() => {
    const onKey = (event) => {
      if (event.key !== 's' || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      if (event.repeat || !can('webhooks:write') || document.querySelector('dialog[open]')) return;
      latest.current();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
}
