// A value that components subscribe to.
import { useEffect, useState } from 'preact/hooks';

/** Creates a value with `get`, `set` and `subscribe`. */
export function signal(initial) {
  let value = initial;
  const followers = new Set();
  return {
    get: () => value,
    set(next) {
      if (Object.is(next, value)) return;
      value = next;
      [...followers].forEach((follow) => follow(value));
    },
    subscribe(follow) {
      followers.add(follow);
      return () => followers.delete(follow);
    },
  };
}

/** The value of a signal; the component renders again when it changes. */
export function useSignal(source) {
  const [value, setValue] = useState(source.get());
  useEffect(() => {
    setValue(source.get());
    return source.subscribe(setValue);
  }, [source]);
  return value;
}
