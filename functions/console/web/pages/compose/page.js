import { html } from '../../lib/html.js';
import { t } from '../../texts/index.js';
import { Page } from '../../components/page.js';

/** Composes the request of a webhook. */
export const Compose = () => html`<${Page} title=${t('compose.title')}><//>`;
