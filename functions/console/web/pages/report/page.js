import { html } from '../../lib/html.js';
import { t } from '../../texts/index.js';
import { Page } from '../../components/page.js';

/** One report and its deliveries. */
export const Report = () => html`<${Page} title=${t('report.title')}><//>`;
