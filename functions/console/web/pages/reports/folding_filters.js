import { html, useState } from '../../lib/html.js';
import { t } from '../../texts/index.js';
import { Button } from '../../components/button.js';
import { Filters } from '../../components/filters.js';
import { QuickRanges } from '../../components/quick_ranges.js';
import { foldedCount } from './search.js';

/**
 * The filters of a list with time ranges. A narrow screen shows only the first one, and a button that shows the others and
 * counts those that are set. A wrong value keeps them open. `children` are shown beside the ranges.
 */
export function FoldingFilters({ label, fields, query, children }) {
  const [isFolded, setFolded] = useState(true);
  const isOpen = !isFolded || fields.slice(1).some(({ error }) => error);
  return html`
    <div class=${isOpen ? '' : 'folded'}>
      <div class="log-filters"><${Filters} label=${label} fields=${fields} /></div>
      <div class="fold-line">
        <${Button} aria-expanded=${isOpen} onClick=${() => setFolded(isOpen)}>${t('reports.fold', { count: foldedCount(fields, query) })}<//>
      </div>
      <div class="filter-line"><${QuickRanges} />${children}</div>
    </div>`;
}
