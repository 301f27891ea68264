import { html, useEffect } from '../../lib/html.js';
import { t } from '../../texts/index.js';
import { LanguageButton } from '../../components/language_button.js';
import { SignInForm } from './form.js';

/** Asks for a key. The address stays, so the reader returns to the same page after signing in. */
export function SignIn() {
  useEffect(() => {
    document.title = `${t('signIn.title')} · ${t('name')}`;
  }, []);
  return html`
    <main class="sign-in">
      <div class="panel"><div class="body"><${SignInForm} title=${t('signIn.title')} actions=${html`<${LanguageButton} />`} /></div></div>
    </main>`;
}
