import { html } from '../../lib/html.js';
export const ReplaysTab = () => html`<p/>`;
