// Clocks that components share, so that many times on a page need one timer.
import { useEffect, useState } from 'preact/hooks';

/** A clock that calls its subscribers every `milliseconds`. Its timer runs while it has subscribers. */
export function clockOf(milliseconds) {
  const followers = new Set();
  let timer = null;
  let ticks = 0;
  const tick = () => {
    ticks += 1;
    [...followers].forEach((follow) => follow(ticks));
  };
  return {
    follow(follower) {
      followers.add(follower);
      timer ??= setInterval(tick, milliseconds);
      return () => {
        followers.delete(follower);
        if (followers.size) return;
        clearInterval(timer);
        timer = null;
      };
    },
  };
}

/** The clock for times. */
export const slowClock = clockOf(30_000);

/** The clock for countdowns. */
export const fastClock = clockOf(1_000);

/** The current time. The component renders again with each tick of `clock`; with `null` no clock renders it again. */
export function useClock(clock) {
  const [, setTicks] = useState(0);
  useEffect(() => clock?.follow(setTicks), [clock]);
  return Date.now();
}
