import { html } from '../lib/html.js';
import { Icon } from './icon.js';

/**
 * A button; `kind` is `primary`, `danger`, `quiet` or several of them. `busy` shows that its work is in progress: clicks do nothing
 * then, and the focus stays on it.
 */
export const Button = ({ kind = '', icon, busy, disabled, onClick, children, ...rest }) => html`
  <button type="button" class=${`button ${kind}`} disabled=${disabled && !busy} aria-disabled=${busy ? 'true' : undefined} aria-busy=${busy ? 'true' : undefined}
    onClick=${busy ? refuse : onClick} ...${rest}>
    ${icon && html`<${Icon} name=${icon} />`}${children}
  </button>`;

const refuse = (event) => event.preventDefault();

/** A button with only an icon; `label` names its action. */
export const IconButton = ({ icon, label, kind = '', ...rest }) => html`<${Button} kind=${`icon ${kind}`} icon=${icon} aria-label=${label} title=${label} ...${rest} />`;

/** A link that looks like a button. */
export const ButtonLink = ({ kind = '', icon, children, ...rest }) => html`
  <a class=${`button ${kind}`} ...${rest}>${icon && html`<${Icon} name=${icon} />`}${children}</a>`;
