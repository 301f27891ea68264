import { html } from '../../lib/html.js';
import { t } from '../../texts/index.js';
import { Button } from '../../components/button.js';
import { Dialog } from '../../components/dialog.js';
import { signOut } from '../../state/session.js';
import { SignInForm } from './form.js';

/** Asks for another key over the page whose key the API refused; typed values stay. Signing out closes the page. */
export const SignInDialog = () => html`
  <${Dialog} title=${t('signIn.title')}>
    <${SignInForm} actions=${html`<${Button} icon="signOut" onClick=${() => signOut()}>${t('top.signOut')}<//>`} />
  <//>`;
