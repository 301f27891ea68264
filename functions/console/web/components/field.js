import { html, useId } from '../lib/html.js';

/**
 * A label, a control, a hint and an error. `control` gets the attributes that connect them:
 * `(attributes) => html\`<input class="input" ...${attributes} />\``.
 */
export function Field({ label, hint, error, control }) {
  const id = useId();
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ') || undefined;
  return html`
    <div class="field">
      <label class="label" for=${id}>${label}</label>
      ${control({ id, 'aria-describedby': described, 'aria-invalid': error ? 'true' : undefined })}
      ${hint && html`<div class="hint" id=${`${id}-hint`}>${hint}</div>`}
      ${error && html`<div class="error" id=${`${id}-error`}>${error}</div>`}
    </div>`;
}

/** A field of one line. */
export const TextField = ({ label, hint, error, value, onValue, mono, ...rest }) => html`
  <${Field} label=${label} hint=${hint} error=${error} control=${(tied) => html`
    <input class=${`input ${mono ? 'mono' : ''}`} value=${value ?? ''} onInput=${(event) => onValue(event.currentTarget.value)} ...${rest} ...${tied} />`} />`;

/** A select field; `options` are pairs of value and text. */
export const SelectField = ({ label, hint, error, value, onValue, options, ...rest }) => html`
  <${Field} label=${label} hint=${hint} error=${error} control=${(tied) => html`
    <select class="select" value=${value ?? ''} onChange=${(event) => onValue(event.currentTarget.value)} ...${rest} ...${tied}>
      ${options.map(([value, text]) => html`<option value=${value}>${text}</option>`)}
    </select>`} />`;

/** A checkbox. */
export const CheckField = ({ label, checked, onValue, ...rest }) => html`
  <label class="check"><input type="checkbox" checked=${checked} onChange=${(event) => onValue(event.currentTarget.checked)} ...${rest} /><span>${label}</span></label>`;
