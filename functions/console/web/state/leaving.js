// Guards against leaving a page with unsaved changes.
import { useEffect } from 'preact/hooks';
import { guardPlace } from './router.js';

/**
 * While `isGuarded`, the browser asks before the tab is closed, and `ask(path, query)` runs before the place changes and returns whether
 * the reader stays.
 */
export function useGuard(isGuarded, ask) {
  useEffect(() => {
    if (!isGuarded) return undefined;
    const warn = (event) => event.preventDefault();
    const stopGuarding = guardPlace(ask);
    window.addEventListener('beforeunload', warn);
    return () => {
      stopGuarding();
      window.removeEventListener('beforeunload', warn);
    };
  }, [isGuarded]);
}
