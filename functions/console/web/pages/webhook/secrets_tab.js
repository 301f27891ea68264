import { html } from '../../lib/html.js';
export const SecretsTab = () => html`<p/>`;
