import { html, useState } from '../../lib/html.js';
import { useSignal } from '../../lib/signal.js';
import { useFirstFocus } from '../../lib/focus.js';
import { t } from '../../texts/index.js';
import { Button } from '../../components/button.js';
import { TextField } from '../../components/field.js';
import { ErrorNote, Note } from '../../components/note.js';
import { useAction } from '../../state/resource.js';
import { session } from '../../state/session.js';
import { signInWith } from '../../state/sign_in.js';

/** Asks for a key, says why the last one is no longer in use, and signs in. `actions` are shown beside the button. */
export function SignInForm({ title, actions }) {
  const { ended } = useSignal(session);
  const [typed, setTyped] = useState('');
  const [malformed, setMalformed] = useState(() => (session.get().ended === 'malformed' ? t('signIn.malformed') : null));
  const { busy, error, run } = useAction();
  const form = useFirstFocus();
  const submit = (event) => {
    event.preventDefault();
    const key = typed.trim();
    const isKey = /^chk_[\w-]+$/.test(key);
    setMalformed(isKey ? null : t('signIn.malformed'));
    if (isKey) run(() => signInWith(key));
  };
  const refused = error?.kind === 'key' ? t('signIn.wrong') : null;
  return html`
    <form class="stack" ref=${form} onSubmit=${submit}>
      ${title && html`<h1>${title}</h1>`}
      ${ended === 'key' && !error && html`<${Note} kind="warning">${t('signIn.ended')}<//>`}
      <p class="muted">${t('signIn.lead')}</p>
      <${TextField} label=${t('signIn.key')} value=${typed} onValue=${setTyped} error=${malformed ?? refused} type="password" mono autofocus
        placeholder=${t('signIn.placeholder')} autocomplete="off" spellcheck=${false} name="key" hint=${t('signIn.kept')} />
      ${error && !refused && html`<${ErrorNote} error=${error} />`}
      <${Button} kind="primary" type="submit" busy=${busy}>${t('signIn.action')}<//>
      ${actions}
    </form>`;
}
