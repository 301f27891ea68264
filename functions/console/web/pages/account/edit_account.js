import { html, useId, useMemo, useState } from '../../lib/html.js';
import { t } from '../../texts/index.js';
import { call } from '../../api/client.js';
import { Button } from '../../components/button.js';
import { TextField } from '../../components/field.js';
import { FormError } from '../../components/form_error.js';
import { Panel } from '../../components/page.js';
import { Unsaved } from '../../components/unsaved.js';
import { useAction, useResource } from '../../state/resource.js';
import { can, key } from '../../state/session.js';
import { sayDone } from '../../state/toasts.js';
import { ACCOUNT_FIELDS, AccountFields } from '../accounts/account_fields.js';
import { changeOf, formOf } from '../accounts/accounts.js';

/** Changes an account. Only changed fields are sent. */
export function EditAccount({ account, onClose, onSaved }) {
  const before = useMemo(() => formOf(account), [account]);
  const [form, setForm] = useState(before);
  const { busy, error, run } = useAction();
  const change = changeOf(before, form);
  const isChanged = Object.keys(change).length > 0;
  const submit = (event) => {
    event.preventDefault();
    if (!isChanged) return onClose();
    return run(async () => {
      const changed = await call('changeAccount', { params: { id: account.id }, body: change });
      sayDone(t('common.saved'));
      onSaved(changed);
    });
  };
  return html`
    <${Panel} title=${t('account.editTitle')}>
      <${Unsaved} when=${isChanged} />
      <form class="form" onSubmit=${submit}>
        <${AccountFields} form=${form} onForm=${setForm} error=${error}>
          <${OperationalWebhook} account=${account} value=${form.operational_webhook_id} error=${error?.field?.('operational_webhook_id')}
            onValue=${(id) => setForm({ ...form, operational_webhook_id: id })} />
        <//>
        <${FormError} error=${error} fields=${ACCOUNT_FIELDS} />
        <div class="buttons">
          <${Button} kind="primary" type="submit" busy=${busy}>${t('common.save')}<//>
          <${Button} onClick=${onClose}>${t('common.cancel')}<//>
        </div>
      </form>
    <//>`;
}

/** The operational webhook, with the account's active webhooks as suggestions if the key may read them. */
function OperationalWebhook({ account, value, onValue, error }) {
  const list = useId();
  const { data } = useResource(
    (signal) => (can('webhooks:read') ? call('listWebhooks', { query: { limit: 100 }, as: key(), actFor: account.id, signal }) : Promise.resolve({ data: [] })),
    [account.id],
  );
  const webhooks = data?.data.filter(({ status }) => status === 'active') ?? [];
  const chosen = webhooks.find(({ id }) => id === value.trim());
  return html`
    <${TextField} label=${t('account.operational')} hint=${chosen ? chosen.name : t('account.operationalHint')} value=${value} onValue=${onValue} error=${error} mono
      list=${list} placeholder=${t('common.none')} autocomplete="off" spellcheck=${false} />
    <datalist id=${list}>${webhooks.map(({ id, name }) => html`<option key=${id} value=${id}>${name}</option>`)}</datalist>`;
}
