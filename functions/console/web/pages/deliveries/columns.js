import { html } from '../../lib/html.js';
import { t } from '../../texts/index.js';
import { Status } from '../../components/status.js';
import { Time } from '../../components/time.js';
import { WebhookName } from '../../components/webhook_name.js';
import { duration } from '../../lib/times.js';
import { linkTo } from '../../state/router.js';
import { outcomeOf } from '../delivery/outcome.js';

export const linkOf = ({ id }) => linkTo(`/deliveries/${id}`);

const none = html`<span class="muted">–</span>`;

/** The outcome of the last attempt: a status code or the kind of error, and its latency. `detail` is in the tooltip. */
export function LastAttempt({ row }) {
  const { last_attempt: attempt } = row;
  // The console says "paused" where the API says "inactive".
  const detail = row.reason === 'webhook_inactive' ? t('deliveries.wasPaused') : row.detail;
  if (!attempt) return detail ? html`<span class="muted ellipsis" title=${detail}>${detail}</span>` : none;
  const isGood = row.status === 'delivered';
  return html`
    <span class="last-attempt" title=${attempt.error?.detail ?? detail}>
      <span class=${isGood ? '' : 'bad'}>${outcomeOf(attempt)}</span> <span class="muted">${duration(attempt.latency_ms)}</span>
    </span>`;
}

/** The columns of a list of deliveries. */
export const columnsOf = (names, { withWebhook, webhooks }) => [
  { name: 'received', title: t('deliveries.received'), cell: (row) => html`<a href=${linkOf(row)}><${Time} at=${row.received_at} /></a>` },
  ...(withWebhook ? [{
    name: 'webhook', title: t('ranges.webhook'), cell: ({ webhook_id: id }) => html`<span class="ellipsis webhook-cell"><${WebhookName} id=${id} names=${names} /></span>`,
  }] : []),
  { name: 'status', title: t('deliveries.status'), cell: (row) => html`<${Status} value=${row.status} next=${row.next_attempt_at} health=${webhooks?.get(row.webhook_id)?.health} />` },
  { name: 'attempts', title: t('deliveries.attempts'), right: true, cell: (row) => row.attempt_count },
  { name: 'last', title: t('deliveries.lastAttempt'), cell: (row) => html`<${LastAttempt} row=${row} />` },
  { name: 'lastAt', title: t('deliveries.lastAt'), cell: (row) => html`<${Time} at=${row.last_attempt?.at} />` },
  { name: 'updated', title: t('deliveries.updated'), cell: (row) => html`<${Time} at=${row.updated_at} />` },
];
