import { html } from '../lib/html.js';
import { t } from '../texts/index.js';
import { relativeTime } from '../lib/times.js';
import { useNow } from '../state/resource.js';

/** Colour and shape of each status; the word stands beside it always. */
const looks = {
  delivered: 'delivered', completed: 'delivered', active: 'delivered', closed: 'delivered',
  retrying: 'retrying ring', pending: 'retrying ring', half_open: 'retrying ring', counting: 'retrying ring', sending: 'retrying ring', erasing: 'retrying ring',
  failed: 'failed square', disabled: 'failed square', open: 'failed square',
  skipped: 'ring', no_webhook: 'ring', inactive: 'ring', cancelled: 'ring', expired: 'ring',
};

/** The status of a delivery, report, webhook, circuit or replay. `next` is when the next attempt is due. */
export function Status({ value, next }) {
  const now = useNow(next ? 1_000 : 60_000);
  const waits = next && (value === 'retrying' || value === 'pending');
  const due = waits && (new Date(next) > now ? relativeTime(next, now) : t('status.nextAttemptNow'));
  return html`<span class=${`status ${looks[value] ?? ''}`} title=${waits ? next : undefined}>${t(`status.${value}`)}${due && html`<span class="more">${due}</span>`}</span>`;
}
