import { html } from '../../lib/html.js';
import { t } from '../../texts/index.js';
import { Page } from '../../components/page.js';

/** The key in use, and the keys of the account. */
export const Keys = () => html`<${Page} title=${t('keys.title')}><//>`;
