import { html, useState } from '../lib/html.js';
import { t } from '../texts/index.js';
import { IconButton } from './button.js';
import { Field } from './field.js';

/** A field for a secret: hidden like a password, with a button that shows it. Browsers do not offer to store it. */
export function SecretField({ label, hint, error, value, onValue, ...rest }) {
  const [isShown, setShown] = useState(false);
  return html`
    <${Field} label=${label} hint=${hint} error=${error} control=${(tied) => html`
      <div class="secret-field">
        <input class="input mono" type=${isShown ? 'text' : 'password'} value=${value ?? ''} onInput=${(event) => onValue(event.currentTarget.value)}
          autocomplete="new-password" spellcheck=${false} autocapitalize="off" data-1p-ignore ...${rest} ...${tied} />
        <${IconButton} icon="eye" label=${t(isShown ? 'common.hideSecret' : 'common.showSecret')} aria-pressed=${isShown} onClick=${() => setShown(!isShown)} />
      </div>`} />`;
}
