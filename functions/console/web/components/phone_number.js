import { html, useState } from '../lib/html.js';
import { t } from '../texts/index.js';
import { plain } from '../lib/json.js';
import { masked } from '../lib/masking.js';
import { Copy } from './copy.js';

/** A phone number that shows only its last four digits until it is clicked. The button stays and keeps the focus. */
export function PhoneNumber({ value }) {
  const [shown, setShown] = useState(false);
  if (value === undefined || value === null || value === '') return html`<span class="muted">–</span>`;
  const text = String(plain(value));
  const flip = (event) => {
    event.preventDefault();
    event.stopPropagation();
    setShown(!shown);
  };
  return html`
    <span class="with-copy">
      <button type="button" class="reveal" aria-pressed=${shown} onClick=${flip} title=${shown ? undefined : t('common.showNumber')}>
        ${shown ? text : masked(text)}<span class="sr"> ${t('common.showNumber')}</span>
      </button>
      ${shown && html`<${Copy} text=${text} what=${t('top.searchShort')} />`}
    </span>`;
}
