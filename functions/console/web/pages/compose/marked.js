import { html } from '../../lib/html.js';

/** A sentence that shows words between backticks as code. */
export const Marked = ({ text }) => text.split(/`([^`]*)`/).map((part, index) => (index % 2 ? html`<code>${part}</code>` : part));
