import { html, useEffect, useState } from '../../lib/html.js';
import { useSignal } from '../../lib/signal.js';
import { t } from '../../texts/index.js';
import { Button } from '../../components/button.js';
import { TextField } from '../../components/field.js';
import { LanguageButton } from '../../components/language_button.js';
import { ErrorNote, Note } from '../../components/note.js';
import { useAction } from '../../state/resource.js';
import { session } from '../../state/session.js';
import { signInWith } from '../../state/sign_in.js';

/** Asks for a key. The address stays, so signing in leads where the reader was. */
export function SignIn() {
  const { ended } = useSignal(session);
  const [typed, setTyped] = useState('');
  const [malformed, setMalformed] = useState(() => (ended === 'malformed' ? t('signIn.malformed') : null));
  const { busy, error, run } = useAction();
  useEffect(() => {
    document.title = `${t('signIn.title')} · ${t('name')}`;
  }, []);
  const submit = (event) => {
    event.preventDefault();
    const key = typed.trim();
    const isKey = /^chk_[\w-]+$/.test(key);
    setMalformed(isKey ? null : t('signIn.malformed'));
    if (isKey) run(() => signInWith(key));
  };
  const refused = error?.kind === 'key' ? t('signIn.wrong') : null;
  return html`
    <main class="sign-in">
      <form class="panel" onSubmit=${submit}>
        <div class="body stack">
          <h1>${t('signIn.title')}</h1>
          ${ended === 'key' && !error && html`<${Note} kind="warning">${t('signIn.ended')}<//>`}
          <p class="muted">${t('signIn.lead')}</p>
          <${TextField} label=${t('signIn.key')} value=${typed} onValue=${setTyped} error=${malformed ?? refused} type="password" mono autofocus
            placeholder=${t('signIn.placeholder')} autocomplete="off" spellcheck=${false} name="key" hint=${t('signIn.kept')} />
          ${error && !refused && html`<${ErrorNote} error=${error} />`}
          <${Button} kind="primary" type="submit" busy=${busy}>${t('signIn.action')}<//>
          <${LanguageButton} />
        </div>
      </form>
    </main>`;
}
