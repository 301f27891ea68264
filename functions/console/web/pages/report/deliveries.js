import { html } from '../../lib/html.js';
import { t } from '../../texts/index.js';
import { DataTable } from '../../components/data_table.js';
import { Status } from '../../components/status.js';
import { Time } from '../../components/time.js';
import { WebhookName } from '../../components/webhook_name.js';
import { linkTo } from '../../state/router.js';
import { LastAttempt } from '../deliveries/columns.js';

const linkOf = ({ id }) => linkTo(`/deliveries/${id}`);

const columnsOf = (names, webhooks) => [
  {
    name: 'status', title: t('report.delivery'),
    cell: (row) => html`<a href=${linkOf(row)} class="plain-link"><${Status} value=${row.status} next=${row.next_attempt_at} health=${webhooks.get(row.webhook_id)?.health} /></a>`,
  },
  {
    name: 'webhook', title: t('report.webhook'),
    cell: ({ webhook_id: id }) => html`<span class="ellipsis webhook-cell"><${WebhookName} id=${id} names=${names} /></span>`,
  },
  { name: 'attempts', title: t('report.attempts'), right: true, cell: (row) => row.attempt_count },
  { name: 'last', title: t('report.lastAttempt'), cell: (row) => html`<${LastAttempt} row=${{ ...row, detail: undefined }} />` },
  { name: 'updated', title: t('report.updated'), cell: (row) => html`<${Time} at=${row.updated_at} />` },
];

/** The deliveries of a report. */
export function ReportDeliveries({ rows, names, webhooks, reload }) {
  const pages = { rows, error: null, loading: false, hasMore: false, more() {}, reload };
  return html`<${DataTable} label=${t('report.deliveries')} columns=${columnsOf(names, webhooks)} linkOf=${linkOf} pages=${pages} />`;
}
