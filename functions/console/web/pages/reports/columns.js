import { html } from '../../lib/html.js';
import { t } from '../../texts/index.js';
import { PhoneNumber } from '../../components/phone_number.js';
import { Status } from '../../components/status.js';
import { Time } from '../../components/time.js';
import { WebhookName } from '../../components/webhook_name.js';
import { duration } from '../../lib/times.js';
import { linkTo } from '../../state/router.js';
import { lengthOf, statusOf } from './search.js';
import { shortId } from '../../lib/ids.js';

/** The number of webhooks that a row shows. Only the tooltip names more. */
const MOST_NAMES = 1;

export const linkOf = ({ id }) => linkTo(`/reports/${id}`);

const none = html`<span class="muted">–</span>`;
const text = (value) => (value ? html`<span title=${value}>${value}</span>` : none);

function Webhooks({ of, names }) {
  if (!of.length) return none;
  const rest = of.slice(MOST_NAMES).map(({ webhook_id: id }) => names.get(id) ?? shortId(id));
  return html`
    <span class="webhook-names">
      ${of.slice(0, MOST_NAMES).map(({ webhook_id: id }) => html`<span key=${id} class="ellipsis"><${WebhookName} id=${id} names=${names} /></span>`)}
      ${rest.length > 0 && html`<span class="muted" title=${rest.join(', ')}>${t('reports.moreWebhooks', { count: rest.length })}</span>`}
    </span>`;
}

function CallStatus({ row }) {
  const length = lengthOf(row);
  return html`<span class="call-status">${text(row.call_status)}${length !== undefined && html`<span class="muted">${duration(length)}</span>`}</span>`;
}

/** The columns of the list of reports. */
export const columnsOf = (names) => [
  { name: 'received', title: t('reports.received'), cell: (row) => html`<a href=${linkOf(row)}><${Time} at=${row.received_at} /></a>` },
  { name: 'status', title: t('reports.status'), cell: (row) => html`<${Status} value=${statusOf(row)} />` },
  { name: 'from', title: t('reports.caller'), cell: (row) => html`<${PhoneNumber} value=${row.from} />` },
  { name: 'to', title: t('reports.called'), cell: (row) => html`<${PhoneNumber} value=${row.to} />` },
  { name: 'bridge', title: t('reports.bridge'), cell: (row) => html`<${PhoneNumber} value=${row.bridge} />` },
  { name: 'call', title: t('reports.callStatus'), cell: (row) => html`<${CallStatus} row=${row} />` },
  { name: 'webhooks', title: t('reports.webhooks'), cell: (row) => html`<${Webhooks} of=${row.deliveries} names=${names} />` },
  { name: 'mid', title: t('reports.mid'), cell: (row) => text(row.mid) },
  { name: 'source', title: t('reports.source'), cell: (row) => text(row.source) },
];
