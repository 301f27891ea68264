import { html } from '../../lib/html.js';
import { t } from '../../texts/index.js';
import { Page } from '../../components/page.js';

/** How the account's deliveries fare. */
export const Overview = () => html`<${Page} title=${t('overview.title')}><//>`;
