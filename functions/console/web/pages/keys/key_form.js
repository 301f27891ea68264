import { html, useState } from '../../lib/html.js';
import { t } from '../../texts/index.js';
import { call, quoted, urlOf } from '../../api/client.js';
import { Button } from '../../components/button.js';
import { Code } from '../../components/code.js';
import { SelectField, TextField } from '../../components/field.js';
import { FormError } from '../../components/form_error.js';
import { Panel } from '../../components/page.js';
import { SecretOnce } from '../../components/secret_once.js';
import { Unsaved } from '../../components/unsaved.js';
import { useAction } from '../../state/resource.js';
import { accountId, session } from '../../state/session.js';
import { DAYS, grantable, keyBody } from './keys.js';
import { ScopesField } from './scopes_field.js';
import { WebhookField } from './webhook_field.js';

const nothing = { name: '', scopes: [], days: '', otherDays: '30', webhookId: '' };

/** Creates a key of the account that the platform key acts for, or of the platform, and shows it once. */
export function KeyForm({ ofPlatform, onClose, onMade }) {
  const { who } = session.get();
  const [form, setForm] = useState(nothing);
  const [made, setMade] = useState(null);
  const [lacksScopes, setLacksScopes] = useState(false);
  const { busy, error, run } = useAction();
  const set = (name) => (value) => setForm((form) => ({ ...form, [name]: value }));
  const submit = (event) => {
    event.preventDefault();
    setLacksScopes(!form.scopes.length);
    if (!form.scopes.length) return;
    run(async () => setMade(await call(ofPlatform ? 'createPlatformKey' : 'createAccountKey', { params: { id: accountId() }, body: keyBody(form) })));
  };
  const field = (name) => error?.field?.(name);
  if (made) {
    return html`
      <${SecretOnce} title=${t('keys.madeTitle', { name: made.name })} secret=${made.key} name=${t('signIn.key')} onClose=${onMade}>
        <p>${t('keys.madeUse')}</p>
        <${Code} text=${`curl -sS ${quoted(urlOf('readKey').href)} -H "Authorization: Bearer $KEY"`} name="curl" wrap copies=${false} />
      <//>`;
  }
  return html`
    <${Panel} title=${ofPlatform ? t('keys.newPlatformKey') : t('keys.newKeyOf', { name: who.account?.name ?? accountId() })}>
      <${Unsaved} when=${form !== nothing} />
      <form class="form" onSubmit=${submit}>
        <${TextField} label=${t('keys.name')} hint=${t('keys.nameHint')} value=${form.name} onValue=${set('name')} error=${field('name')} required maxlength="100" autofocus autocomplete="off" />
        <${ScopesField} given=${grantable(who.scopes, ofPlatform)} value=${form.scopes} onValue=${set('scopes')} error=${field('scopes') ?? (lacksScopes && !form.scopes.length ? t('keys.chooseScopes') : null)} />
        <div class="row">
          <${SelectField} label=${t('keys.ends')} hint=${t('keys.endsHint')} value=${form.days} onValue=${set('days')} error=${field('expires_in_days')}
            options=${DAYS.map((days) => [days, days === '' ? t('keys.latest') : days === 'other' ? t('keys.otherDays') : t('keys.days', { count: Number(days) })])} />
          ${form.days === 'other' && html`<${TextField} label=${t('keys.otherDays')} type="number" min="1" max="3650" required value=${form.otherDays} onValue=${set('otherDays')} />`}
        </div>
        ${!ofPlatform && html`<${WebhookField} value=${form.webhookId} onValue=${set('webhookId')} error=${field('webhook_id')} />`}
        <${FormError} error=${error} fields=${['name', 'scopes', 'expires_in_days', 'expires_in_seconds', 'webhook_id']} />
        <div class="buttons">
          <${Button} kind="primary" type="submit" busy=${busy}>${t('keys.make')}<//>
          <${Button} onClick=${onClose}>${t('common.cancel')}<//>
        </div>
      </form>
    <//>`;
}
