import { html } from '../lib/html.js';
import { Copy } from './copy.js';
import { shortId } from '../lib/ids.js';

/** An id: its last characters, the whole id on hover, and a copy button. */
export const Id = ({ value, what = 'id', href, whole }) => {
  const text = whole ? value : shortId(value);
  const shown = href ? html`<a href=${href} class="mono" title=${value}>${text}</a>` : html`<span class="mono" title=${value}>${text}</span>`;
  return html`<span class="with-copy">${shown}<${Copy} text=${value} what=${what} /></span>`;
};
