import { html } from '../../lib/html.js';
import { t } from '../../texts/index.js';
import { Page } from '../../components/page.js';

/** One delivery and its attempts. */
export const Delivery = () => html`<${Page} title=${t('delivery.title')}><//>`;
