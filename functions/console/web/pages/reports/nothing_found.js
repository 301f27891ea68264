import { html } from '../../lib/html.js';
import { t } from '../../texts/index.js';
import { curlOf } from '../../api/client.js';
import { Button, ButtonLink } from '../../components/button.js';
import { Empty } from '../../components/empty.js';
import { linkTo, setQuery } from '../../state/router.js';
import { account, can, isPlatform, onlyWebhook, zone } from '../../state/session.js';
import { localTime } from '../../lib/ranges.js';
import { areRead } from '../../state/webhook_names.js';
import { chosen, filters, lastDigitsOf, reachesBeyond } from './search.js';

const shownTime = (time) => localTime(time, zone()).replace('T', ' ') || time;

/** The filters of the search as text. */
function Searched({ query, names }) {
  const shown = {
    webhook_id: (id) => names.get(id) ?? id,
    status: (status) => t(`status.${status}`),
    from: shownTime,
    to: shownTime,
  };
  const labels = {
    number: 'reports.number', from: 'reports.from', to: 'reports.to', mid: 'reports.mid', call_status: 'reports.callStatus', status: 'reports.status',
    webhook_id: 'ranges.webhook', source: 'reports.source', call_id: 'reports.callId', flow_id: 'reports.flowId',
  };
  const set = chosen(query);
  if (!set.length) return null;
  return html`
    <ul class="searched" aria-label=${t('reports.searched')}>
      ${set.map(([name, value]) => html`<li key=${name} class="chip" title=${value}>${t(labels[name])}: ${(shown[name] ?? String)(value)}</li>`)}
    </ul>`;
}

/** An empty result: the searched range, why a report may be missing, and the next step. */
export function NothingFound({ query, params, names }) {
  const days = account()?.retention_days;
  const isFiltered = chosen(query).length > 0;
  const isNarrow = Boolean(query.from || query.to);
  const others = filters.filter((name) => !['from', 'to', 'number'].includes(name) && query[name]);
  const canBegin = !isFiltered && areRead(names) && !names.size && can('webhooks:write') && !onlyWebhook();
  const widen = () => setQuery({ from: '', to: '' });
  const onlyNumber = () => setQuery(Object.fromEntries(others.map((name) => [name, undefined])));
  const clear = () => setQuery(Object.fromEntries(filters.map((name) => [name, undefined])));
  const beyond = days && reachesBeyond(query.from, days, zone());
  const kept = days && t('reports.kept', { count: days });
  const last = lastDigitsOf(query.number);
  const action = html`
    <${Searched} query=${query} names=${names} />
    <ul class="reasons">
      ${query.number && html`<li>${t(last ? 'reports.checkNumber' : 'reports.checkDigits')}
        ${last && html` <${Button} kind="small" onClick=${() => setQuery({ number: last })}>${t('reports.searchLast', { digits: last })}<//>`}</li>`}
      ${kept && html`<li>${beyond ? t('reports.beyond', { kept }) : kept}</li>`}
      <li>${t('reports.late')}</li>
      <li>${t(isPlatform() ? 'reports.accepted' : 'reports.askPlatform')}</li>
      ${isPlatform() && html`<li>${t('reports.quota')}</li><li>${t('reports.deadLetters')}</li>`}
    </ul>
    ${isFiltered && html`<div class="buttons">
      ${isNarrow && html`<${Button} kind="primary" onClick=${widen}>${t('reports.widen')}<//>`}
      ${query.number && others.length > 0 && html`<${Button} onClick=${onlyNumber}>${t('reports.onlyNumber')}<//>`}
      <${Button} onClick=${clear}>${t('common.clear')}<//>
    </div>`}
    ${canBegin && html`<${ButtonLink} kind="primary" href=${linkTo('/webhooks/new')}>${t('reports.createWebhook')}<//>`}`;
  const curl = isFiltered || !can('reports:write') ? curlOf('searchReports', { query: params })
    : curlOf('handOverReports', { body: { bridge: 911140000000, from: 911140000001, to: 911140000002, source: 'OBD', status: 'ANSWER' } });
  const title = t(isFiltered ? 'reports.noneMatch' : 'reports.none');
  return html`<div class="nothing-found"><${Empty} title=${title} text=${isFiltered ? undefined : t('reports.noneHint')} action=${action} curl=${curl} /></div>`;
}

