// Clocks that components share, so that many times on a page need one timer.
import { useEffect, useState } from 'preact/hooks';

/** A clock that calls its followers each so many milliseconds. Its timer runs while there are any. */
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

/** The clock of times. */
export const slowClock = clockOf(30_000);

/** The clock of countdowns. */
export const fastClock = clockOf(1_000);

/** The time now; the component renders again with each tick of a clock, or by itself only (`null`). */
export function useClock(clock) {
  const [, setTicks] = useState(0);
  useEffect(() => clock?.follow(setTicks), [clock]);
  return Date.now();
}
