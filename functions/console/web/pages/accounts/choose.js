import { html, useEffect } from '../../lib/html.js';
import { t } from '../../texts/index.js';
import { ButtonLink } from '../../components/button.js';
import { Empty } from '../../components/empty.js';
import { Page } from '../../components/page.js';
import { go, linkTo, place } from '../../state/router.js';

/** Shown instead of an account's pages while the platform key acts for no account. The first page leads to the list. */
export function ChooseAccount() {
  useEffect(() => {
    if (place.get().path === '/') go('/accounts', {}, { replace: true });
  }, []);
  return html`
    <${Page} title=${t('top.choose')}>
      <${Empty} title="" text=${t('top.chooseText')} action=${html`<${ButtonLink} kind="primary" href=${linkTo('/accounts')}>${t('top.toAccounts')}<//>`} />
    <//>`;
}
