import { html, useState } from '../lib/html.js';
import { t } from '../texts/index.js';
import { plain } from '../lib/json.js';
import { Copy } from './copy.js';

/** A phone number, hidden but for its last four digits until it is clicked. */
export function PhoneNumber({ value }) {
  const [shown, setShown] = useState(false);
  if (value === undefined || value === null || value === '') return html`<span class="muted">–</span>`;
  const text = String(plain(value));
  if (shown) return html`<span class="with-copy"><span class="mono">${text}</span><${Copy} text=${text} what=${t('top.searchShort')} /></span>`;
  const show = (event) => {
    event.preventDefault();
    event.stopPropagation();
    setShown(true);
  };
  return html`<button type="button" class="reveal" onClick=${show} title=${t('common.showNumber')}>•••• ${text.slice(-4)}<span class="sr"> ${t('common.showNumber')}</span></button>`;
}
