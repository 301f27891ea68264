import { html } from '../../lib/html.js';
import { t } from '../../texts/index.js';
import { Page } from '../../components/page.js';

/** An account and its quotas. */
export const Account = () => html`<${Page} title=${t('account.title')}><//>`;
