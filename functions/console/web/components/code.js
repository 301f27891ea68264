import { html, useState } from '../lib/html.js';
import { t } from '../texts/index.js';
import { prettyText } from '../lib/json.js';
import { Button, IconButton } from './button.js';
import { Copy } from './copy.js';

const bytesOf = (text) => new TextEncoder().encode(text).length;

/**
 * A text with its size, a switch for wrapping, and a copy button. `json` shows it over several lines, and as sent on a click.
 * `original` is the unmasked text, whose size is shown if `text` is masked; a masked text is not copied.
 */
export function Code({ text, name, json, wrap: wrapped = false, original = text, copies = original === text }) {
  const [wrap, setWrap] = useState(wrapped);
  const [raw, setRaw] = useState(false);
  const pretty = json ? prettyText(text) : text;
  const isChanged = pretty !== text;
  return html`
    <div class=${`code ${wrap ? 'wrap' : ''}`}>
      <div class="bar">
        <span class="name">${name ?? ''}</span>
        <span>${t('common.bytes', { count: bytesOf(original) })}</span>
        ${isChanged && html`<${Button} kind="quiet small" aria-pressed=${raw} onClick=${() => setRaw(!raw)}>${t('code.asSent')}<//>`}
        <${IconButton} kind="small" icon="wrap" label=${t('common.wrap')} aria-pressed=${wrap} onClick=${() => setWrap(!wrap)} />
        ${copies && html`<${Copy} text=${text} what=${name ?? t('code.text')} />`}
      </div>
      <pre tabindex="0" aria-label=${name ?? t('code.text')}>${raw ? text : pretty}</pre>
    </div>`;
}
