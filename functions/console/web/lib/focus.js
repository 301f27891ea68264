// The focus of what appears.
import { useEffect, useRef } from 'preact/hooks';

/** A reference to an element; its first field gets the focus when it appears. */
export function useFirstFocus() {
  const element = useRef(null);
  useEffect(() => element.current?.querySelector('input, select, textarea')?.focus(), []);
  return element;
}
