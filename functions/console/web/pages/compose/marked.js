import { html } from '../../lib/html.js';

/** A sentence whose words between backticks are code. */
export const Marked = ({ text }) => text.split(/`([^`]*)`/).map((part, index) => (index % 2 ? html`<code>${part}</code>` : part));
