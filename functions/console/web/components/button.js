import { html } from '../lib/html.js';
import { Icon } from './icon.js';

/** A button; `kind` is `primary`, `danger`, `quiet` or several of them, `busy` shows that its work is going on. */
export const Button = ({ kind = '', icon, busy, disabled, children, ...rest }) => html`
  <button type="button" class=${`button ${kind}`} disabled=${disabled || busy} aria-busy=${busy ? 'true' : undefined} ...${rest}>
    ${icon && html`<${Icon} name=${icon} />`}${children}
  </button>`;

/** A button that has a drawing only; `label` says what it does. */
export const IconButton = ({ icon, label, kind = '', ...rest }) => html`
  <button type="button" class=${`button icon ${kind}`} aria-label=${label} title=${label} ...${rest}><${Icon} name=${icon} /></button>`;

/** A link that looks like a button. */
export const ButtonLink = ({ kind = '', icon, children, ...rest }) => html`
  <a class=${`button ${kind}`} ...${rest}>${icon && html`<${Icon} name=${icon} />`}${children}</a>`;
