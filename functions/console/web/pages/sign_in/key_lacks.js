import { html } from '../../lib/html.js';
import { t } from '../../texts/index.js';
import { Button, ButtonLink } from '../../components/button.js';
import { Empty } from '../../components/empty.js';
import { Page } from '../../components/page.js';
import { linkTo } from '../../state/router.js';
import { signOut } from '../../state/session.js';

/** Shown instead of pages for a platform key that reaches no account because it lacks the scope `platform`. */
export const KeyLacks = () => html`
  <${Page} title=${t('top.keyLacks')}>
    <div class="panel"><${Empty} text=${t('top.keyLacksText')} action=${html`
      <div class="buttons">
        <${Button} kind="primary" icon="signOut" onClick=${() => signOut()}>${t('top.signOut')}<//>
        <${ButtonLink} href=${linkTo('/keys')}>${t('nav.keys')}<//>
      </div>`} /></div>
  <//>`;
