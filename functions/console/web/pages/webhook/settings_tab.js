import { html } from '../../lib/html.js';
export const SettingsTab = () => html`<p/>`;
