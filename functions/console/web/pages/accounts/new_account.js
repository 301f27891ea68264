import { html, useState } from '../../lib/html.js';
import { t } from '../../texts/index.js';
import { call, curlOf } from '../../api/client.js';
import { Button } from '../../components/button.js';
import { Code } from '../../components/code.js';
import { TextField } from '../../components/field.js';
import { FormError } from '../../components/form_error.js';
import { Panel } from '../../components/page.js';
import { Unsaved } from '../../components/unsaved.js';
import { useAction } from '../../state/resource.js';
import { sayDone } from '../../state/toasts.js';
import { ACCOUNT_FIELDS, AccountFields } from './account_fields.js';
import { formOf, newAccountOf } from './accounts.js';

const nothing = formOf();

/** The pattern of an id. Browsers compile patterns with the flag `v`, which requires the dash to be escaped. */
const ID = '[A-Za-z0-9_\\-]{1,64}';

/** Creates an account; `onMade` gets it. */
export function NewAccount({ onClose, onMade }) {
  const [form, setForm] = useState(nothing);
  const { busy, error, run } = useAction();
  const [isMade, setMade] = useState(false);
  const submit = (event) => {
    event.preventDefault();
    run(async () => {
      const account = await call('createAccount', { body: newAccountOf(form) });
      setMade(true);
      sayDone(t('accounts.made', { name: account.name }));
      // Runs after the guard of unsaved changes is removed.
      setTimeout(() => onMade(account));
    });
  };
  return html`
    <${Panel} title=${t('accounts.new')}>
      <${Unsaved} when=${form !== nothing && !isMade} />
      <form class="form" onSubmit=${submit}>
        <${AccountFields} form=${form} onForm=${setForm} error=${error}>
          <${TextField} label=${t('account.id')} hint=${t('accounts.idHint')} value=${form.id} onValue=${(id) => setForm({ ...form, id })} error=${error?.field?.('id')} mono
            pattern=${ID} maxlength="64" placeholder=${t('accounts.idPlaceholder')} autocomplete="off" spellcheck=${false} />
        <//>
        <${FormError} error=${error} fields=${ACCOUNT_FIELDS} />
        <div class="buttons">
          <${Button} kind="primary" type="submit" busy=${busy}>${t('accounts.make')}<//>
          <${Button} onClick=${onClose}>${t('common.cancel')}<//>
        </div>
        <${Code} text=${curlOf('createAccount', { body: newAccountOf(form) })} name=${t('common.withCurl')} wrap />
      </form>
    <//>`;
}
