import { html } from '../../lib/html.js';
import { t } from '../../texts/index.js';
import { Page } from '../../components/page.js';

/** Finds reports. */
export const Reports = () => html`<${Page} title=${t('reports.title')}><//>`;
