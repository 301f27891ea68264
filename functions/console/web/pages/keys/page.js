import { html } from '../../lib/html.js';
import { useSignal } from '../../lib/signal.js';
import { t } from '../../texts/index.js';
import { Button } from '../../components/button.js';
import { Page } from '../../components/page.js';
import { Tabs } from '../../components/tabs.js';
import { leave, linkTo, useQuery } from '../../state/router.js';
import { isPlatform, session, signOut } from '../../state/session.js';
import { KeyList } from './key_list.js';
import { ThisKey } from './this_key.js';

/** The key in use; with a platform key, the keys of the account it acts for and those of the platform. */
export function Keys() {
  const { who, accountId } = useSignal(session);
  const { tab } = useQuery();
  const signOutButton = html`<${Button} icon="signOut" onClick=${() => leave(() => signOut())}>${t('top.signOut')}<//>`;
  if (!isPlatform()) return html`<${Page} title=${t('keys.title')} actions=${signOutButton}><${ThisKey} who=${who} /><//>`;
  const tabs = [
    ...(accountId ? [['account', t('keys.tabs.account', { name: who.account?.name ?? accountId })]] : []),
    ['platform', t('keys.tabs.platform')],
    ['mine', t('keys.tabs.mine')],
  ];
  const chosen = tabs.some(([name]) => name === tab) ? tab : tabs[0][0];
  return html`
    <${Page} title=${t('keys.title')} actions=${signOutButton}>
      <${Tabs} tabs=${tabs} label=${t('keys.tabs.label')} />
      ${!accountId && chosen === 'platform' && html`<p class="keys-hint">${t('keys.noAccount')} <a href=${linkTo('/accounts')}>${t('keys.chooseAccount')}</a></p>`}
      ${chosen === 'mine' ? html`<${ThisKey} who=${who} />` : html`<${KeyList} key=${chosen} ofPlatform=${chosen === 'platform'} />`}
    <//>`;
}
