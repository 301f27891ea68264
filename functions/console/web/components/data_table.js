import { html, useState } from '../lib/html.js';
import { sortedBy } from '../lib/sorting.js';
import { t } from '../texts/index.js';
import { go } from '../state/router.js';
import { Button } from './button.js';
import { ErrorNote } from './note.js';

/**
 * A table. `columns` are `{ name, title, cell(row), right, sort(row) }`; those with `sort` can be ordered by a click, among
 * the rows that are shown. `linkOf(row)` is the target of a click on a row (the first cell should have the link itself).
 * `pages` is the result of `usePages`; `empty` is shown if there are no rows, even while they are reloaded.
 */
export function DataTable({ label, columns, pages, keyOf = (row) => row.id, linkOf, empty }) {
  const [order, setOrder] = useState(null);
  const { rows, error, loading, hasMore, more, reload } = pages;
  if (error && !rows) return html`<div class="body"><${ErrorNote} error=${error} retry=${reload} /></div>`;
  if (rows && !rows.length && !hasMore) {
    return html`${error && html`<div class="body"><${ErrorNote} error=${error} retry=${reload} /></div>`}${empty}`;
  }
  const column = order && columns.find(({ name }) => name === order.name);
  const sorted = column && rows ? sortedBy(rows, column.sort, order.sign) : rows;
  const orderBy = (name) => setOrder((order) => (order?.name !== name ? { name, sign: 1 } : order.sign > 0 ? { name, sign: -1 } : null));
  return html`
    <div class="table-wrap" tabindex="0" role="region" aria-label=${label}>
      <table class="table cards" aria-busy=${loading}>
        <caption class="sr">${label}</caption>
        <thead><tr>${columns.map(({ name, title, right, sort }) => html`
          <th key=${name} scope="col" class=${right ? 'right' : ''} aria-sort=${order?.name === name ? (order.sign > 0 ? 'ascending' : 'descending') : undefined}>
            ${sort ? html`<button type="button" onClick=${() => orderBy(name)}>${title}${order?.name === name ? (order.sign > 0 ? ' ↑' : ' ↓') : ''}</button>` : title}
          </th>`)}</tr></thead>
        <tbody>
          ${sorted ? sorted.map((row) => html`<${Row} key=${keyOf(row)} row=${row} columns=${columns} link=${linkOf?.(row)} />`) : html`<${SkeletonRows} columns=${columns} />`}
        </tbody>
      </table>
    </div>
    ${rows && html`<div class="table-foot">
      <span>${t(hasMore ? 'common.shownMore' : 'common.shown', { count: rows.length })}</span>
      ${hasMore && html`<${Button} kind="small" busy=${loading} onClick=${more}>${t('common.more')}<//>`}
      ${error && html`<${ErrorNote} error=${error} retry=${hasMore ? more : reload} />`}
    </div>`}`;
}

function Row({ row, columns, link }) {
  const open = (event) => {
    const isOfItself = event.target.closest('a, button, input, select, label');
    if (!isOfItself && !getSelection()?.toString()) go(...split(link));
  };
  return html`
    <tr class=${link ? 'link' : ''} onClick=${link ? open : undefined}>
      ${columns.map(({ name, title, right, cell }) => html`<td key=${name} data-label=${title} class=${right ? 'right' : ''}>${cell(row)}</td>`)}
    </tr>`;
}

const split = (link) => {
  const [path, query = ''] = link.slice(1).split('?', 2);
  return [path, Object.fromEntries(new URLSearchParams(query))];
};

const SkeletonRows = ({ columns }) => Array.from({ length: 6 }, (_, row) => html`
  <tr key=${row}>${columns.map(({ name, title }) => html`<td key=${name} data-label=${title}><span class="skeleton" style=${{ width: '70%', minWidth: '40px' }} /></td>`)}</tr>`);
