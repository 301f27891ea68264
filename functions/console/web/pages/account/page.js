import { html, useEffect, useState } from '../../lib/html.js';
import { useSignal } from '../../lib/signal.js';
import { t } from '../../texts/index.js';
import { call } from '../../api/client.js';
import { actForAccount } from '../../components/acting.js';
import { Button } from '../../components/button.js';
import { ErrorNote, Note, sentenceOf } from '../../components/note.js';
import { Page, Panel } from '../../components/page.js';
import { Skeleton } from '../../components/skeleton.js';
import { Status } from '../../components/status.js';
import { useResource } from '../../state/resource.js';
import { linkTo, setQuery, useQuery } from '../../state/router.js';
import { isPlatform, session, setWho } from '../../state/session.js';
import { actFor } from '../../state/sign_in.js';
import { sayFailed } from '../../state/toasts.js';
import { AccountFacts } from './account_facts.js';
import { EditAccount } from './edit_account.js';
import { EraseAccount } from './erase_account.js';

/** Reads an account: by its id with a platform key, else the key's own. */
async function load(id, signal) {
  if (isPlatform()) return call('readAccount', { params: { id }, signal });
  const who = await call('readKey', { signal });
  setWho(who);
  return who.account;
}

/** Makes the key act for an account, or for none, and shows a failure. */
const act = (id) => actFor(id).catch((error) => sayFailed(sentenceOf(error), () => act(id)));

/** An account: the key's own, or any with a platform key, which can also change and erase it. */
export function Account({ id: named }) {
  const { accountId } = useSignal(session);
  const { edit } = useQuery();
  const [isBeingErased, setBeingErased] = useState(false);
  const id = named ?? accountId;
  const { data: account, error, reload, setData } = useResource((signal) => load(id, signal), [id], { every: isBeingErased ? 10_000 : undefined });
  useEffect(() => {
    if (account?.status === 'erasing') setBeingErased(true);
  }, [account]);
  const back = named && [linkTo('/accounts'), t('accounts.title')];
  const isGone = isBeingErased && error?.kind === 'not-found';
  if (isGone) return html`<${Page} title=${t('account.title')} back=${back}><${Note}>${t('account.erased', { id })}<//><//>`;
  if (!account) {
    return html`<${Page} title=${t('account.title')} back=${back}>${error ? html`<${ErrorNote} error=${error} retry=${reload} />` : html`<${Panel}><${Skeleton} lines=${8} /><//>`}<//>`;
  }
  const isErasing = account.status === 'erasing';
  const canChange = isPlatform() && !isErasing;
  const saved = (changed) => {
    setData(changed);
    setQuery({ edit: undefined });
    // The top bar and the times of all pages follow the account that the key acts for.
    if (changed.id === accountId) act(accountId);
  };
  const erasing = (changed) => {
    setData(changed);
    if (changed.id === accountId) act(null);
  };
  const actions = canChange && html`
    ${accountId !== account.id && html`<${Button} onClick=${() => actForAccount(account)}>${t('accounts.actFor')}<//>`}
    ${!edit && html`<${Button} kind="primary" icon="edit" onClick=${() => setQuery({ edit: 1 })}>${t('common.edit')}<//>`}`;
  return html`
    <${Page} title=${account.name} back=${back} actions=${actions} beside=${html`<${Status} value=${account.status ?? 'active'} />`}>
      <div class="stack">
        ${error && html`<${ErrorNote} error=${error} retry=${reload} />`}
        ${isErasing && html`<${Note} kind="warning">${t('account.erasing')}<//>`}
        ${edit && canChange ? html`<${EditAccount} account=${account} onClose=${() => setQuery({ edit: undefined })} onSaved=${saved} />` : html`<${AccountFacts} account=${account} />`}
        ${canChange && !edit && html`<${EraseAccount} account=${account} onErasing=${erasing} />`}
      </div>
    <//>`;
}
