import { html } from '../../lib/html.js';
import { t } from '../../texts/index.js';
import { DataTable } from '../../components/data_table.js';
import { Status } from '../../components/status.js';
import { Time } from '../../components/time.js';
import { WebhookName } from '../../components/webhook_name.js';
import { linkTo } from '../../state/router.js';
import { LastAttempt } from '../deliveries/columns.js';
import { meaningOf } from '../delivery/advice.js';

const linkOf = ({ id }) => linkTo(`/deliveries/${id}`);

/** How a delivery stands, in the API's words if it has some. */
function meaning(row) {
  if (row.status === 'delivered') return null;
  const said = meaningOf({ detail: row.detail, attempts: row.last_attempt ? [row.last_attempt] : [] });
  const code = row.last_attempt?.status_code;
  return said ?? (code === undefined ? null : t('report.answered', { code }));
}

const columnsOf = (names) => [
  {
    name: 'status', title: t('report.delivery'),
    cell: (row) => html`<a href=${linkOf(row)} class="plain-link"><${Status} value=${row.status} next=${row.next_attempt_at} /></a>`,
  },
  {
    name: 'webhook', title: t('report.webhook'),
    cell: ({ webhook_id: id }) => html`<span class="ellipsis webhook-cell"><${WebhookName} id=${id} names=${names} /></span>`,
  },
  { name: 'attempts', title: t('report.attempts'), right: true, cell: (row) => row.attempt_count },
  { name: 'last', title: t('report.lastAttempt'), cell: (row) => html`<${LastAttempt} row=${{ ...row, detail: undefined }} />` },
  { name: 'meaning', title: t('report.meaning'), cell: (row) => html`<span class="meaning">${meaning(row) ?? html`<span class="muted">–</span>`}</span>` },
  { name: 'updated', title: t('report.updated'), cell: (row) => html`<${Time} at=${row.updated_at} />` },
];

/** The deliveries of a report. */
export function ReportDeliveries({ rows, names, reload }) {
  const pages = { rows, error: null, loading: false, hasMore: false, more() {}, reload };
  return html`<${DataTable} label=${t('report.deliveries')} columns=${columnsOf(names)} linkOf=${linkOf} pages=${pages} />`;
}
