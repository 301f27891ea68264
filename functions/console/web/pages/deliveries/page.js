import { html } from '../../lib/html.js';
import { t } from '../../texts/index.js';
import { call, curlOf } from '../../api/client.js';
import { Button, ButtonLink, IconButton } from '../../components/button.js';
import { DataTable } from '../../components/data_table.js';
import { Empty } from '../../components/empty.js';
import { Note } from '../../components/note.js';
import { Page } from '../../components/page.js';
import { QuickRanges } from '../../components/quick_ranges.js';
import { Time } from '../../components/time.js';
import { usePages, useResource } from '../../state/resource.js';
import { linkTo, setQuery, useQuery } from '../../state/router.js';
import { can, onlyWebhook } from '../../state/session.js';
import { useWebhookNames, webhookFilter } from '../../state/webhook_names.js';
import { FoldingFilters } from '../reports/folding_filters.js';
import { columnsOf, linkOf } from './columns.js';
import { filters, requestOf, statusesOf } from './list.js';
import { useLive } from './use_live.js';
import { isWaiting, useWebhooks } from './use_webhooks.js';

/** The deliveries of a webhook, or all undelivered ones of the account. */
export function Deliveries() {
  const address = useQuery();
  const query = { ...address, webhook_id: onlyWebhook() ?? address.webhook_id };
  const names = useWebhookNames();
  const request = requestOf(query);
  // An address may have `delivered` without a webhook; the filter shows it nevertheless.
  const known = statusesOf(query.webhook_id || query.status === 'delivered');
  const fields = [
    { name: 'status', label: t('deliveries.status'), options: known.map((status) => [status, t(`deliveries.statuses.${status}`)]) },
    ...(onlyWebhook() ? [] : [webhookFilter(names, query.webhook_id)]),
    { name: 'from', label: t('deliveries.from'), type: 'datetime-local' },
    { name: 'to', label: t('deliveries.to'), type: 'datetime-local', error: request.mistake === 'to' ? t('reports.backwards') : undefined },
  ];
  const canReplay = query.webhook_id && can('deliveries:write');
  const actions = canReplay && html`
    <${ButtonLink} icon="refresh" href=${linkTo(`/webhooks/${query.webhook_id}`, { tab: 'replays', from: query.from, to: query.to })}>
      ${t('deliveries.replay')}
    <//>`;
  return html`
    <${Page} title=${t('deliveries.title')} actions=${actions}>
      <${FoldingFilters} label=${t('deliveries.filters')} fields=${fields} query=${query} />
      ${request.mistake === 'status' && html`<${Note} kind="warning">${t('deliveries.deliveredNeedsWebhook')}<//>`}
      ${!request.mistake && html`<${List} request=${request} query=${query} names=${names} />`}
    <//>`;
}

function List({ request, query, names }) {
  const of = JSON.stringify(request);
  const load = (cursor, signal) => call(request.name, { params: request.params, query: { ...request.query, cursor }, signal });
  const isOn = query.live !== 'off';
  const live = useLive(usePages(load, [of]), (signal) => load(undefined, signal), of, isOn);
  const waiting = live.pages.rows?.filter(isWaiting) ?? [];
  const webhooks = useWebhooks(waiting.map(({ webhook_id: id }) => id), true);
  const columns = columnsOf(names, { withWebhook: request.name === 'listUndelivered', webhooks });
  return html`
    <section class="panel delivery-list">
      <header>
        <span class="muted list-of">${t(request.name === 'listDeliveries' ? 'deliveries.ofWebhook' : 'deliveries.ofAccount')}</span>
        <${News} live=${live} />
        <div class="actions">
          <${LiveSwitch} live=${live} isOn=${isOn} />
          <${IconButton} icon="refresh" label=${t('common.refresh')} onClick=${live.pages.reload} />
        </div>
      </header>
      <${DataTable} label=${t('deliveries.list')} columns=${columns} pages=${live.pages} linkOf=${linkOf}
        empty=${html`<${NoDeliveries} request=${request} query=${query} />`} />
    </section>`;
}

/** New rows wait for a click, so that the list does not move under the pointer. */
function News({ live: { added, gone, show } }) {
  const parts = [added && t('deliveries.new', { count: added }), gone && t('deliveries.gone', { count: gone })].filter(Boolean);
  return html`<span role="status">${parts.length > 0 && html`<${Button} kind="small primary" onClick=${show}>${parts.join(', ')}<//>`}</span>`;
}

function LiveSwitch({ live, isOn }) {
  const flip = () => setQuery({ live: isOn ? 'off' : undefined });
  return html`
    ${isOn && live.isExtended && html`<span class="muted small">${t('deliveries.liveEnded')}</span>`}
    ${live.failedAt && html`<span class="muted small">${t('deliveries.liveFailed')} <${Time} at=${live.failedAt} /></span>`}
    <label class="check small"><input type="checkbox" role="switch" checked=${isOn} onChange=${flip} /><span>${t('deliveries.live')}</span></label>`;
}

function NoDeliveries({ request, query }) {
  const isFiltered = filters.some((name) => query[name]);
  const ofWebhook = request.name === 'listDeliveries';
  const clear = () => setQuery(Object.fromEntries(filters.map((name) => [name, undefined])));
  // For an account without reports, the empty list says so.
  const load = (signal) => (isFiltered ? null : call('searchReports', { query: { limit: 1 }, signal }));
  const { data: first } = useResource(load, [isFiltered]);
  const isWithoutReports = first && !first.data.length && !first.next_cursor;
  const title = t(isFiltered ? 'deliveries.noneMatch' : isWithoutReports ? 'deliveries.noReports' : 'deliveries.none');
  const text = t(isWithoutReports ? 'reports.noneHint' : ofWebhook ? 'deliveries.noneOfWebhook' : 'deliveries.noneOfAccount');
  const action = html`
    <div class="buttons">
      ${isFiltered && html`<${Button} kind="primary" onClick=${clear}>${t('common.clear')}<//>`}
      <${ButtonLink} href=${linkTo('/reports', { webhook_id: onlyWebhook() ? undefined : query.webhook_id })}>${t('deliveries.searchReports')}<//>
    </div>`;
  return html`<${Empty} title=${title} text=${text} action=${action} curl=${curlOf(request.name, { params: request.params, query: request.query })} />`;
}
