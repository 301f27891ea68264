import { html } from '../../lib/html.js';
import { t } from '../../texts/index.js';
import { Page } from '../../components/page.js';

/** The account's webhooks. */
export const Webhooks = () => html`<${Page} title=${t('webhooks.title')}><//>`;
