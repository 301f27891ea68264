import { html } from '../../lib/html.js';
import { t } from '../../texts/index.js';
import { Button, IconButton } from '../../components/button.js';
import { DataTable } from '../../components/data_table.js';
import { Page } from '../../components/page.js';
import { Time } from '../../components/time.js';
import { useQuery } from '../../state/router.js';
import { useWebhookNames } from '../../state/webhook_names.js';
import { columnsOf, linkOf } from './columns.js';
import { NothingFound } from './nothing_found.js';
import { SearchFilters } from './search_filters.js';
import { mistakeOf, paramsOf } from './search.js';
import { useSearch } from './use_search.js';

/** The search for reports by number, time and more. */
export function Reports() {
  const query = useQuery();
  const names = useWebhookNames();
  const mistake = mistakeOf(query);
  return html`
    <${Page} title=${t('reports.title')}>
      <${SearchFilters} query=${query} names=${names} mistake=${mistake} />
      ${!mistake && html`<${Found} query=${query} names=${names} />`}
    <//>`;
}

function Found({ query, names }) {
  const params = paramsOf(query);
  const pages = useSearch(params);
  const { rows, last, loading, searching, hasMore } = pages;
  const isStopped = rows && !rows.length && hasMore && !loading;
  return html`
    <section class="panel report-list">
      <header class="search-state">
        <${SearchState} pages=${pages} />
        <div class="actions">
          ${searching ? html`<${Button} kind="small" onClick=${pages.stop}>${t('reports.stop')}<//>`
            : html`<${IconButton} icon="refresh" label=${t('common.refresh')} onClick=${pages.reload} />`}
        </div>
      </header>
      ${isStopped ? html`<${Stopped} last=${last} more=${pages.more} />`
        : html`<${DataTable} label=${t('reports.list')} columns=${columnsOf(names)} pages=${pages} linkOf=${linkOf}
            empty=${html`<${NothingFound} query=${query} params=${params} names=${names} />`} />`}
    </section>`;
}

/** The progress of the search. */
function SearchState({ pages: { last, loading, searching, rows, hasMore, error } }) {
  const back = (at) => html` <${Time} at=${at} />`;
  const text = () => {
    if (searching) return html`${t('reports.searching')}${searching.searchedTo && back(searching.searchedTo)}`;
    if (error) return t('reports.interrupted');
    if (loading && !rows) return t('common.loading');
    if (hasMore && last?.searched_to) return html`${t('reports.searchedTo')}${back(last.searched_to)}`;
    return t('reports.searchedAll');
  };
  return html`<span class="muted" role="status">${t('reports.newestFirst')} · ${text()}</span>`;
}

/** Says that the search found nothing so far, and ended at its limit or with "Stop". */
const Stopped = ({ last, more }) => html`
  <div class="empty">
    <h2>${t('reports.nothingYet')}</h2>
    ${last?.searched_to && html`<p>${t('reports.searchedTo')} <${Time} at=${last.searched_to} /></p>`}
    <${Button} kind="primary" onClick=${more}>${t('reports.further')}<//>
  </div>`;
