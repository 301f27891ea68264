import { html } from '../lib/html.js';
import { slowClock, useClock } from '../lib/clock.js';
import { relativeTime, shortTime } from '../lib/times.js';
import { zone } from '../state/session.js';

/** An instant in the account's time zone; hover shows the exact instant, the zone, and how long ago it was. */
export const Time = ({ at, relative }) => {
  const now = useClock(slowClock);
  if (!at) return html`<span class="muted">–</span>`;
  const exact = `${at} · ${zone()} · ${relativeTime(at, now)}`;
  return html`<time datetime=${at} title=${exact}>${relative ? relativeTime(at, now) : shortTime(at, zone(), now)}</time>`;
};
