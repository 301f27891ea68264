import { html } from '../../lib/html.js';
export const RequestTab = () => html`<p/>`;
