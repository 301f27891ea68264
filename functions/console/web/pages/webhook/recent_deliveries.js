import { html } from '../../lib/html.js';
import { t } from '../../texts/index.js';
import { call, curlOf } from '../../api/client.js';
import { ButtonLink } from '../../components/button.js';
import { DataTable } from '../../components/data_table.js';
import { Empty } from '../../components/empty.js';
import { Id } from '../../components/id.js';
import { Panel } from '../../components/page.js';
import { Status } from '../../components/status.js';
import { Time } from '../../components/time.js';
import { duration } from '../../lib/times.js';
import { useResource } from '../../state/resource.js';
import { linkTo } from '../../state/router.js';
import { pageOfWebhook } from './subscriptions_list.js';

const linkOf = (delivery) => linkTo(`/deliveries/${delivery.id}`);

/** The outcome of an attempt: a status code or the type of an error. */
const answerOf = (attempt) => attempt && (attempt.status_code ?? attempt.error?.type);

const columns = (health) => [
  { name: 'report', title: t('webhook.recent.report'), cell: (row) => html`<${Id} value=${row.report_id} what=${t('webhook.recent.report')} href=${linkOf(row)} />` },
  { name: 'status', title: t('webhook.recent.status'), cell: (row) => html`<${Status} value=${row.status} next=${row.next_attempt_at} health=${health} />` },
  { name: 'received', title: t('webhook.recent.received'), cell: (row) => html`<${Time} at=${row.received_at} />` },
  { name: 'attempts', title: t('webhook.recent.attempts'), right: true, cell: (row) => row.attempt_count },
  { name: 'answer', title: t('webhook.recent.answer'), cell: (row) => html`<span title=${row.detail}>${answerOf(row.last_attempt) ?? '–'}</span>` },
  { name: 'latency', title: t('webhook.recent.latency'), right: true, cell: (row) => (row.last_attempt ? duration(row.last_attempt.latency_ms) : '–') },
];

/** The latest ten deliveries to a webhook. */
export function RecentDeliveries({ webhook }) {
  const { id } = webhook;
  const load = (signal) => call('listDeliveries', { params: { id }, query: { limit: 10 }, signal });
  const { data, error, loading, reload } = useResource(load, [id], { every: 10_000 });
  const pages = { rows: data?.data, error, loading, hasMore: false, reload };
  const all = html`<${ButtonLink} kind="small" href=${linkTo('/deliveries', { webhook_id: id })}>${t('webhook.recent.all')}<//>`;
  const empty = html`<${NoDeliveries} id=${id} />`;
  return html`
    <${Panel} title=${t('webhook.recent.title')} actions=${all} flush>
      <${DataTable} label=${t('webhook.recent.title')} columns=${columns(webhook.health)} pages=${pages} linkOf=${linkOf} empty=${empty} />
    <//>`;
}

/** Says that there are no deliveries. The next step depends on the subscriptions of the webhook. */
function NoDeliveries({ id }) {
  const load = (signal) => pageOfWebhook(id, undefined, (cursor) => call('listSubscriptions', { query: { limit: 100, cursor }, signal }));
  const { data } = useResource(load, [id]);
  const subscriptions = data?.data ?? [];
  const isOfAll = subscriptions.some(({ identity }) => identity === 'all');
  const text = subscriptions.length ? t(isOfAll ? 'webhook.recent.subscribed' : 'webhook.recent.subscribedSome') : t('webhook.recent.noneText');
  const action = !subscriptions.length && html`<${ButtonLink} href=${linkTo(`/webhooks/${id}`, { tab: 'subscriptions' })}>${t('webhook.recent.subscribe')}<//>`;
  return html`<${Empty} title=${t('webhook.recent.none')} text=${text} action=${action} curl=${curlOf('listDeliveries', { params: { id } })} />`;
}
