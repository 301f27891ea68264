// The initial focus.
import { useEffect, useRef } from 'preact/hooks';

/** Returns a ref for an element, whose first field gets the focus when it appears. */
export function useFirstFocus() {
  const element = useRef(null);
  useEffect(() => element.current?.querySelector('input, select, textarea')?.focus(), []);
  return element;
}
