import { html } from '../../lib/html.js';
import { t } from '../../texts/index.js';
import { DataTable } from '../../components/data_table.js';
import { Empty } from '../../components/empty.js';
import { Panel } from '../../components/page.js';
import { PhoneNumber } from '../../components/phone_number.js';
import { Status } from '../../components/status.js';
import { Time } from '../../components/time.js';
import { linkTo } from '../../state/router.js';

/** The latest reports. */
export function LastReports({ reading }) {
  const { data, error, loading, reload } = reading;
  const pages = { rows: data?.data, error, loading: loading && !data, hasMore: false, reload };
  return html`
    <${Panel} title=${t('overview.lastReports')} actions=${html`<a href=${linkTo('/reports')}>${t('overview.allReports')}</a>`} flush>
      <${DataTable} label=${t('overview.lastReports')} columns=${columns()} pages=${pages} linkOf=${linkOf} empty=${html`<${Empty} title=${t('overview.noReports')} />`} />
    <//>`;
}

const linkOf = ({ id }) => linkTo(`/reports/${id}`);

const columns = () => [
  { name: 'received', title: t('overview.received'), cell: (row) => html`<a href=${linkOf(row)}><${Time} at=${row.received_at} /></a>` },
  { name: 'from', title: t('overview.from'), cell: ({ from }) => html`<${PhoneNumber} value=${from} />` },
  { name: 'to', title: t('overview.to'), cell: ({ to }) => html`<${PhoneNumber} value=${to} />` },
  { name: 'call', title: t('overview.call'), cell: ({ source, call_status: status }) => [source, status].filter(Boolean).join(' · ') || '–' },
  { name: 'status', title: t('overview.status'), cell: ({ status, reason }) => html`<${Status} value=${reason ?? status} />` },
  { name: 'deliveries', title: t('overview.deliveries'), right: true, cell: ({ deliveries }) => deliveries.length },
];
