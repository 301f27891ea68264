import { html, useState } from '../lib/html.js';
import { useSignal } from '../lib/signal.js';
import { t } from '../texts/index.js';
import { go, leave, linkTo } from '../state/router.js';
import { can, isPlatform, onlyWebhook, session, signOut, zone } from '../state/session.js';
import { findingOf } from '../lib/finding.js';
import { relativeTime } from '../lib/times.js';
import { call } from '../api/client.js';
import { stopActing } from './acting.js';
import { IconButton } from './button.js';
import { Icon } from './icon.js';
import { LanguageButton } from './language_button.js';
import { ThemeButton } from './theme_button.js';

/** The items of the rail: name, path, and whether the key may see the page. */
const items = () => {
  const hasAccount = Boolean(session.get().who.account);
  return [
    ['overview', '/', hasAccount && can('deliveries:read') && !onlyWebhook()],
    ['webhooks', '/webhooks', hasAccount && can('webhooks:read')],
    ['reports', '/reports', hasAccount && can('deliveries:read')],
    ['deliveries', '/deliveries', hasAccount && can('deliveries:read')],
    ['keys', '/keys', true],
    ['account', '/account', hasAccount],
    ['accounts', '/accounts', isPlatform()],
  ].filter(([, , isShown]) => isShown);
};

/** The rail, the bar above, and the page. */
export const Frame = ({ current, children }) => html`
  <div class="frame">
    <a class="skip button" href="#content" onClick=${skip}>${t('nav.skip')}</a>
    <nav class="rail" aria-label=${t('nav.label')}>
      <a class="brand" href=${linkTo('/')} aria-label=${t('name')}><${Mark} /><span class="word">${t('name')}</span></a>
      ${items().map(([name, path]) => html`
        <a key=${name} class="item" href=${linkTo(path)} aria-current=${name === current ? 'page' : undefined} title=${t(`nav.${name}`)}>
          <${Icon} name=${name} /><span class="word">${t(`nav.${name}`)}</span>
        </a>`)}
      <span class="gap" />
      <a class="item" href="../docs" target="_blank" rel="noreferrer" title=${t('nav.docs')}><${Icon} name="docs" /><span class="word">${t('nav.docs')}</span></a>
    </nav>
    <${Top} />
    ${children}
  </div>`;

/** Moves the focus to the content. The fragment holds the console's address, so a link to an anchor would replace it. */
function skip(event) {
  event.preventDefault();
  document.getElementById('content')?.focus();
}

const Mark = () => html`
  <svg viewBox="0 0 32 32" aria-hidden="true"><rect width="32" height="32" rx="7" fill="#2457d6" />
    <path d="M10 8v9a6 6 0 0 0 12 0v-2" fill="none" stroke="#fff" stroke-width="3" stroke-linecap="round" />
    <path d="m18 18 4-4 4 4" fill="none" stroke="#fff" stroke-width="3" stroke-linecap="round" stroke-linejoin="round" /></svg>`;

function Top() {
  const { who } = useSignal(session);
  const canWrite = can('webhooks:write') || can('deliveries:write');
  return html`
    <header class="top">
      ${isPlatform() || !who.account ? html`<${ActingAccount} account=${who.account} />` : html`<span class="account" title=${who.account.name}>${who.account.name}</span>`}
      ${who.account && html`<span class="zone">${t('top.zone', { zone: zone() })}</span>`}
      ${!canWrite && !isPlatform() && who.account && html`<span class="chip">${t('top.readOnly')}</span>`}
      ${onlyWebhook() && html`<span class="chip">${t('top.oneWebhook')}</span>`}
      ${who.kind === 'console_link' && who.expires_at && html`<span class="zone" title=${who.expires_at}>${t('top.expires', { when: relativeTime(who.expires_at) })}</span>`}
      ${who.account && can('deliveries:read') ? html`<${Search} />` : html`<form />`}
      <${LanguageButton} />
      <${ThemeButton} />
      <${IconButton} icon="signOut" label=${t('top.signOut')} onClick=${() => leave(() => signOut())} />
    </header>`;
}

/** The account that a platform key acts for, with controls to choose another one or none. */
const ActingAccount = ({ account }) => html`
  ${isPlatform()
    ? html`<a class="account" href=${linkTo('/accounts')} title=${account ? t('top.switchAccount', { name: account.name }) : undefined}>${account?.name ?? t('top.noAccount')}</a>`
    : html`<span class="account">${t('top.noAccount')}</span>`}
  ${account && html`<span class="acting"><${IconButton} icon="close" kind="small" label=${t('top.stopActing', { name: account.name })} onClick=${stopActing} /></span>`}`;

/** The search for reports by UUID (a report id, else a call id of that form), call id, or phone number, and for deliveries by id. */
function Search() {
  const [text, setText] = useState('');
  const search = async (event) => {
    event.preventDefault();
    const found = findingOf(text);
    setText('');
    if (!found) return;
    if (found.kind === 'number') go('/reports', { number: found.text });
    else if (found.kind === 'call') go('/reports', { call_id: found.text });
    else if (found.kind === 'delivery') go(`/deliveries/${found.text}`);
    else if (await isReport(found.text)) go(`/reports/${found.text}`);
    else go('/reports', { call_id: found.text });
  };
  return html`
    <form role="search" onSubmit=${search}>
      <input class="input" type="search" data-shortcut="/" aria-label=${t('top.search')} title=${t('top.searchHint')} placeholder=${t('top.searchPlaceholder')} value=${text}
        onInput=${(event) => setText(event.currentTarget.value)} />
    </form>`;
}

/** Whether to open the page of a report: also if it was erased or the read fails, since that page shows the error. */
async function isReport(id) {
  try {
    await call('readReport', { params: { id } });
    return true;
  } catch (error) {
    return error.kind !== 'not-found' || /\berased\b/.test(error.problem?.detail ?? '');
  }
}
