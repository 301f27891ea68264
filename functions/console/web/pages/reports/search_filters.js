import { html, useEffect, useState } from '../../lib/html.js';
import { t } from '../../texts/index.js';
import { Button } from '../../components/button.js';
import { onlyWebhook } from '../../state/session.js';
import { webhookFilter } from '../../state/webhook_names.js';
import { FoldingFilters } from './folding_filters.js';
import { moreFilters } from './search.js';

const STATUSES = ['failed', 'retrying', 'pending', 'skipped', 'delivered', 'no_webhook'];
const CALL_STATUSES = ['ANSWER', 'BUSY', 'CANCEL', 'CONGESTION', 'CHANUNAVAIL', 'NOANSWER', 'FAILED'];

/** The filters of the search. Rarely used ones appear on a click, or when the address has them. */
export function SearchFilters({ query, names, mistake }) {
  const hasMore = moreFilters.some((name) => query[name]);
  const [isOpen, setOpen] = useState(hasMore);
  useEffect(() => {
    if (hasMore) setOpen(true);
  }, [hasMore]);
  const wrong = (name) => (mistake?.[0] === name ? t(mistake[1]) : undefined);
  const fields = [
    { name: 'number', label: t('reports.number'), type: 'search', placeholder: t('reports.numberHint'), error: wrong('number'), inputmode: 'tel', autocomplete: 'off' },
    { name: 'from', label: t('reports.from'), type: 'datetime-local' },
    { name: 'to', label: t('reports.to'), type: 'datetime-local', error: wrong('to') },
    { name: 'mid', label: t('reports.mid') },
    { name: 'call_status', label: t('reports.callStatus'), list: 'call-statuses', autocomplete: 'off' },
    { name: 'status', label: t('reports.status'), options: STATUSES.map((status) => [status, t(`status.${status}`)]) },
    ...(onlyWebhook() ? [] : [webhookFilter(names, query.webhook_id)]),
    ...(isOpen ? [
      { name: 'source', label: t('reports.source'), list: 'sources' },
      { name: 'call_id', label: t('reports.callId') },
      { name: 'flow_id', label: t('reports.flowId') },
    ] : []),
  ];
  return html`
    <${FoldingFilters} label=${t('reports.filters')} fields=${fields} query=${query}>
      <${Button} kind="quiet small" aria-expanded=${isOpen} onClick=${() => setOpen(!isOpen)}>${t(isOpen ? 'reports.fewerFilters' : 'reports.moreFilters')}<//>
    <//>
    <datalist id="call-statuses">${CALL_STATUSES.map((status) => html`<option value=${status} />`)}</datalist>
    <datalist id="sources"><option value="OBD" /><option value="C2C" /></datalist>`;
}
