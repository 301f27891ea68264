import { html } from '../lib/html.js';
import { t } from '../texts/index.js';

/** Grey lines in place of data that is being loaded. */
export const Skeleton = ({ lines = 3 }) => html`
  <div class="stack" aria-busy="true" role="status"><span class="sr">${t('common.loading')}</span>
    ${Array.from({ length: lines }, (_, line) => html`<span class="skeleton" style=${{ width: `${90 - ((line * 17) % 40)}%` }} />`)}
  </div>`;
