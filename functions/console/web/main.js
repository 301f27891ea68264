// The console: signs in, and shows the page of the address.
import { call } from './api/client.js';
import { Fragment, html, render, useEffect, useRef, useState } from './lib/html.js';
import { language } from './lib/language.js';
import { signal, useSignal } from './lib/signal.js';
import { Boundary } from './components/crash.js';
import { Frame } from './components/frame.js';
import { Toasts } from './components/toasts.js';
import { ChooseAccount } from './pages/accounts/choose.js';
import { NotFound } from './pages/not_found.js';
import { KeyLacks } from './pages/sign_in/key_lacks.js';
import { SignInDialog } from './pages/sign_in/dialog.js';
import { SignIn } from './pages/sign_in/page.js';
import { pageOf } from './pages/routes.js';
import { followArrivals } from './state/arrival.js';
import { arrive, followAddress, place } from './state/router.js';
import { isLinkWithKey, isPlatform, keyOfPage, onSignOut, session, signIn, signOut, storedAccount } from './state/session.js';
import { showTheme } from './state/theme.js';
import { followShortcuts } from './state/shortcuts.js';
import { startLanguage } from './texts/index.js';
import { ErrorNote } from './components/note.js';
import { Skeleton } from './components/skeleton.js';

/** Pages that a platform key can open without acting for an account. */
const withoutAccount = ['keys', 'accounts', null];

const standIn = (name) => (isPlatform() ? !withoutAccount.includes(name) && ChooseAccount : name !== 'keys' && name && KeyLacks);

function Console() {
  const { key, who, count } = useSignal(session);
  const { path } = useSignal(place);
  // Components read texts while they render, so all render again when the language changes.
  useSignal(language);
  if (!who) return html`<${Fragment}><${SignIn} /><${Toasts} /><//>`;
  const { page: PageOfPath, params, name } = pageOf(path) ?? { page: NotFound, params: {}, name: null };
  const Shown = (!who.account && standIn(name)) || PageOfPath;
  return html`
    <${Boundary} key=${count}>
      <${Frame} current=${name}><${Boundary} key=${`${count} ${path}`}><${Shown} ...${params} /><//><//>
    <//>
    ${!key && html`<${SignInDialog} />`}
    <${Toasts} />`;
}

const isGone = (error) => error.kind === 'not-found' || error.problem?.type === 'urn:callhook:problem:account-erasing';

/** Signs in with the key of the address or of the tab before the first page is shown. */
function Start({ found }) {
  const [state, setState] = useState({ done: !found, error: null });
  // Another link may be opened before the API answers about this one.
  const isCurrent = useRef(true);
  const begin = async () => {
    setState({ done: false, error: null });
    try {
      const accountId = storedAccount();
      const who = await call('readKey', { as: found, actFor: accountId }).catch((error) => {
        // The account that the platform key acted for was erased.
        if (!accountId || !isGone(error)) throw error;
        return null;
      });
      const known = who ?? (await call('readKey', { as: found }));
      if (!isCurrent.current) return;
      signIn(found, known, who ? accountId : null);
      setState({ done: true, error: null });
    } catch (error) {
      if (!isCurrent.current) return;
      const isRefused = error.kind === 'key' || error.status === 403;
      if (isRefused) {
        session.set({ ...session.get(), key: found });
        signOut('key');
      }
      setState({ done: isRefused, error: isRefused ? null : error });
    }
  };
  useEffect(() => {
    if (found) begin();
    return () => {
      isCurrent.current = false;
    };
  }, []);
  if (state.done) return html`<${Console} />`;
  return html`<main class="page">${state.error ? html`<${ErrorNote} error=${state.error} retry=${begin} />` : html`<${Skeleton} lines=${6} />`}</main>`;
}

/** The key to begin with, and a count of sessions: a link that is opened in this tab begins a new session. */
const arrival = signal({ key: null, count: 0 });

/** Begins a session with the key of the address, or of the tab. A link ends the previous session. */
function begin() {
  const isLink = isLinkWithKey(location);
  const { key, isMalformed } = keyOfPage(location, history);
  if (isLink) signOut(isMalformed ? 'malformed' : 'link');
  arrival.set({ key, count: arrival.get().count + 1 });
}

/** Begins a new session if the address became a link with a key. */
function takeLink() {
  if (!isLinkWithKey(location)) return false;
  begin();
  arrive();
  return true;
}

function Root() {
  const { key, count } = useSignal(arrival);
  return html`<${Start} key=${count} found=${key} />`;
}

/** Shows the console. */
export function start() {
  showTheme();
  begin();
  followAddress(takeLink);
  followShortcuts();
  // The fragment may hold a phone number.
  onSignOut(() => arrive('#/'));
  arrive();
  followArrivals();
  startLanguage().then(() => render(html`<${Root} />`, document.getElementById('app')));
}
