import { html } from '../../lib/html.js';
import { t } from '../../texts/index.js';
import { Page } from '../../components/page.js';

/** The log of deliveries. */
export const Deliveries = () => html`<${Page} title=${t('deliveries.title')}><//>`;
