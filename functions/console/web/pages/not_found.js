import { html } from '../lib/html.js';
import { t } from '../texts/index.js';
import { ButtonLink } from '../components/button.js';
import { Empty } from '../components/empty.js';
import { Page } from '../components/page.js';
import { linkTo } from '../state/router.js';

/** The page for an address without a page of its own. */
export const NotFound = () => html`
  <${Page} title=${t('errors.pageUnknown')}>
    <${Empty} title="" action=${html`<${ButtonLink} href=${linkTo('/')}>${t('errors.toOverview')}<//>`} />
  <//>`;
