// The console: signs in, and shows the page of the address.
import './styles/app.css';
import { call } from './api/client.js';
import { Fragment, html, render, useEffect, useState } from './lib/html.js';
import { language } from './lib/language.js';
import { useSignal } from './lib/signal.js';
import { Frame } from './components/frame.js';
import { Toasts } from './components/toasts.js';
import { ChooseAccount } from './pages/accounts/choose.js';
import { NotFound } from './pages/not_found.js';
import { SignIn } from './pages/sign_in/page.js';
import { pageOf } from './pages/routes.js';
import { go, place, followAddress } from './state/router.js';
import { keyOfPage, session, signIn, signOut, storedAccount } from './state/session.js';
import { showTheme } from './state/theme.js';
import { followShortcuts } from './state/shortcuts.js';
import { startLanguage } from './texts/index.js';
import { ErrorNote } from './components/note.js';
import { Skeleton } from './components/skeleton.js';

/** Pages that a key of the platform opens though it acts for no account. */
const withoutAccount = ['keys', 'accounts', null];

function Console() {
  const { who, accountId } = useSignal(session);
  const { path } = useSignal(place);
  // Texts are read while components render: all of them do when the language changes.
  useSignal(language);
  if (!who) return html`<${Fragment}><${SignIn} /><${Toasts} /><//>`;
  const { page: PageOfPath, params, name } = pageOf(path) ?? { page: NotFound, params: {}, name: null };
  const Shown = who.account || withoutAccount.includes(name) ? PageOfPath : ChooseAccount;
  return html`<${Frame} current=${name}><${Shown} key=${`${accountId} ${path}`} ...${params} /><//><${Toasts} />`;
}

const isGone = (error) => error.kind === 'not-found' || error.problem?.type === 'urn:callhook:problem:account-erasing';

/** Signs in with the key of the address or of the tab before anything is shown. */
function Start({ found }) {
  const [state, setState] = useState({ done: !found, error: null });
  const begin = async () => {
    setState({ done: false, error: null });
    try {
      const accountId = storedAccount();
      const who = await call('readKey', { as: found, actFor: accountId }).catch((error) => {
        // The account that a platform's key acted for was erased.
        if (!accountId || !isGone(error)) throw error;
        return null;
      });
      signIn(found, who ?? (await call('readKey', { as: found })), who ? accountId : null);
      setState({ done: true, error: null });
    } catch (error) {
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
  }, []);
  if (state.done) return html`<${Console} />`;
  return html`<main class="page">${state.error ? html`<${ErrorNote} error=${state.error} retry=${begin} />` : html`<${Skeleton} lines=${6} />`}</main>`;
}

showTheme();
const found = keyOfPage(location, history);
followAddress();
followShortcuts();
if (!location.hash) go('/', {}, { replace: true });
startLanguage().then(() => render(html`<${Start} found=${found} />`, document.getElementById('app')));
