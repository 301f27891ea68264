import { html } from '../lib/html.js';
import { fastClock, useClock } from '../lib/clock.js';
import { t } from '../texts/index.js';
import { relativeTime } from '../lib/times.js';
import { waitOf } from '../lib/waiting.js';

/** Colour and shape of each status, always shown beside its word. */
const looks = {
  delivered: 'delivered', completed: 'delivered', active: 'delivered', closed: 'delivered',
  retrying: 'retrying ring', pending: 'retrying ring', half_open: 'retrying ring', counting: 'retrying ring', sending: 'retrying ring', erasing: 'retrying ring',
  waiting: 'retrying ring',
  failed: 'failed square', disabled: 'failed square', open: 'failed square',
  skipped: 'ring', no_webhook: 'ring', inactive: 'ring', cancelled: 'ring', expired: 'ring',
};

/**
 * The status of a delivery, report, webhook, circuit or replay. `next` is the time of the next attempt, `health` that of the
 * webhook: once `next` has passed, a delivery may wait because the circuit is open.
 */
export function Status({ value, next, health }) {
  const waits = next && (value === 'retrying' || value === 'pending');
  const now = useClock(waits ? fastClock : null);
  const wait = waitOf(value, next, health, now);
  const word = wait?.kind === 'open' || wait?.kind === 'half_open' ? 'waiting' : value;
  return html`
    <span class=${`status ${looks[word] ?? ''}`} title=${wait ? next : undefined}>${t(`status.${word}`)}${wait && html`<span class="more">${moreOf(wait, now)}</span>`}</span>`;
}

function moreOf({ kind, at }, now) {
  if (kind === 'next') return relativeTime(at, now);
  if (kind === 'open') return at ? t('status.circuitOpenUntil', { time: relativeTime(at, now) }) : t('status.circuitOpen');
  return t(kind === 'half_open' ? 'status.circuitProbing' : 'status.due');
}
