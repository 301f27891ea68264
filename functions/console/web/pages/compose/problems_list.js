import { html } from '../../lib/html.js';
import { t } from '../../texts/index.js';
import { jumpTo } from './cursor.js';
import { Marked } from './marked.js';

/** Problems and warnings, each a button that leads to its place. */
export function ProblemsList({ problems, warnings }) {
  return html`
    <div class="problems-live" aria-live="polite">
      ${problems.length > 0 && html`<${List} kind="failed" title=${t('compose.problems.title', { count: problems.length })} items=${problems} />`}
      ${warnings.length > 0 && html`<${List} kind="warning" title=${t('compose.problems.warnings', { count: warnings.length })} items=${warnings} />`}
    </div>`;
}

const List = ({ kind, title, items }) => html`
  <div class=${`note problems ${kind}`}>
    <div class="text">
      <strong>${title}</strong>
      <ul>${items.map((item) => html`
        <li>${item.target
          ? html`<button type="button" class="problem" title=${t('compose.problems.jump')} onClick=${() => jumpTo(item)}><${Sentence} item=${item} /></button>`
          : html`<span class="problem"><${Sentence} item=${item} /></span>`}</li>`)}</ul>
    </div>
  </div>`;

const Sentence = ({ item: { field, line, column, what } }) => html`
  <code>${field}</code>${line ? html` <span class="where">${t('compose.problems.at', { line, column })}</span>` : ''} <${Marked} text=${what} />`;
