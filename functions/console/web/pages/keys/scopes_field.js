import { html } from '../../lib/html.js';
import { t } from '../../texts/index.js';
import { Button } from '../../components/button.js';
import { CheckField } from '../../components/field.js';
import { presetsOf, toggled } from './keys.js';

/** The scopes of a new key: a checkbox for each that may be granted, and presets for several. */
export function ScopesField({ given, value, onValue, error, ofLink }) {
  return html`
    <fieldset class="scopes-field" aria-invalid=${error ? 'true' : undefined}>
      <legend>${t('keys.may')}</legend>
      <div class="buttons">
        ${presetsOf(given, ofLink).map(([name, scopes]) => html`<${Button} key=${name} kind="small" aria-pressed=${scopes.join() === value.join()} onClick=${() => onValue(scopes)}>${t(`keys.presets.${name}`)}<//>`)}
      </div>
      ${given.map((scope) => html`
        <${CheckField} key=${scope} checked=${value.includes(scope)} onValue=${() => onValue(toggled(value, scope))}
          label=${html`<code>${scope}</code> <span class="muted">${t(`keys.scopes.${scope}`)}</span>`} />`)}
      ${error && html`<p class="error" role="alert">${error}</p>`}
    </fieldset>`;
}
