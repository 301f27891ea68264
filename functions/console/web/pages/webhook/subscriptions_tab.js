import { html } from '../../lib/html.js';
export const SubscriptionsTab = () => html`<p/>`;
