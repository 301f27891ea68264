import { html } from '../lib/html.js';
import { Copy } from './copy.js';

/** An id: its first eight characters, the whole on hover, and a button that copies it. */
export const Id = ({ value, what = 'id', href, whole }) => {
  const text = whole ? value : String(value).slice(0, 8);
  const shown = href ? html`<a href=${href} class="mono" title=${value}>${text}</a>` : html`<span class="mono" title=${value}>${text}</span>`;
  return html`<span class="with-copy">${shown}<${Copy} text=${value} what=${what} /></span>`;
};
