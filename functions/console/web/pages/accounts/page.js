import { html } from '../../lib/html.js';
import { t } from '../../texts/index.js';
import { Page } from '../../components/page.js';

/** The accounts of the platform. */
export const Accounts = () => html`<${Page} title=${t('accounts.title')}><//>`;
