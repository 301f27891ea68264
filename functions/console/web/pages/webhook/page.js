import { html } from '../../lib/html.js';
import { t } from '../../texts/index.js';
import { Page } from '../../components/page.js';

/** One webhook. */
export const Webhook = () => html`<${Page} title=${t('webhook.title')}><//>`;
