import { html } from '../lib/html.js';
import { t } from '../texts/index.js';
import { Code } from './code.js';

/** The content of an empty list: the reason, the next step as a button, and the `curl` line of that step. */
export const Empty = ({ title, text, action, curl }) => html`
  <div class="empty">
    ${title && html`<h2>${title}</h2>`}
    ${text && html`<p>${text}</p>`}
    ${action}
    ${curl && html`<${Code} text=${curl} name=${t('common.withCurl')} wrap />`}
  </div>`;
