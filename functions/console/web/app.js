// The console: signs in, and shows the page of the address.
import './styles/app.css';
import { call } from './api/client.js';
import { Fragment, html, render, useEffect, useState } from './lib/html.js';
import { useSignal } from './lib/signal.js';
import { Frame } from './components/frame.js';
import { Toasts } from './components/toasts.js';
import { NotFound } from './pages/not_found.js';
import { SignIn } from './pages/sign_in/page.js';
import { pageOf } from './pages/routes.js';
import { go, place, followAddress } from './state/router.js';
import { keyOfPage, session, signIn, signOut, storedAccount } from './state/session.js';
import { showTheme } from './state/theme.js';
import { followShortcuts } from './state/shortcuts.js';
import { ErrorNote } from './components/note.js';
import { Skeleton } from './components/skeleton.js';

function Console() {
  const { who } = useSignal(session);
  const { path } = useSignal(place);
  if (!who) return html`<${Fragment}><${SignIn} /><${Toasts} /><//>`;
  const { page: PageOfPath, params, name } = pageOf(path) ?? { page: NotFound, params: {}, name: null };
  return html`<${Frame} current=${name}><${PageOfPath} key=${path} ...${params} /><//><${Toasts} />`;
}

/** Signs in with the key of the address or of the tab before anything is shown. */
function Start({ found }) {
  const [state, setState] = useState({ done: !found, error: null });
  const begin = async () => {
    setState({ done: false, error: null });
    try {
      const accountId = storedAccount();
      const who = await call('readKey', { as: found, actFor: accountId });
      signIn(found, who, accountId);
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
render(html`<${Start} found=${found} />`, document.getElementById('app'));
