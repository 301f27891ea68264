import { html, useState } from '../../lib/html.js';
import { t } from '../../texts/index.js';
import { call, curlOf } from '../../api/client.js';
import { Button, ButtonLink } from '../../components/button.js';
import { Code } from '../../components/code.js';
import { SelectField, TextField } from '../../components/field.js';
import { FormError } from '../../components/form_error.js';
import { Panel } from '../../components/page.js';
import { SecretOnce } from '../../components/secret_once.js';
import { Time } from '../../components/time.js';
import { Unsaved } from '../../components/unsaved.js';
import { useAction } from '../../state/resource.js';
import { accountId, session } from '../../state/session.js';
import { duration } from '../../lib/times.js';
import { webUrl } from '../../lib/urls.js';
import { SECONDS, grantable, linkBody } from './keys.js';
import { ScopesField } from './scopes_field.js';
import { WebhookField } from './webhook_field.js';

/** Creates a link that opens this console for a customer with a short-lived key, and shows it once. */
export function LinkForm({ onClose, onMade }) {
  const { who } = session.get();
  const given = grantable(who.scopes, false);
  const [initial] = useState(() => ({ name: '', scopes: given.filter((scope) => /^(webhooks|deliveries):read$/.test(scope)), seconds: '3600', otherMinutes: '30', webhookId: '' }));
  const [form, setForm] = useState(initial);
  const [made, setMade] = useState(null);
  const { busy, error, run } = useAction();
  const set = (name) => (value) => setForm((form) => ({ ...form, [name]: value }));
  const params = { id: accountId() };
  const submit = (event) => {
    event.preventDefault();
    if (form.scopes.length) run(async () => setMade(await call('createConsoleLink', { params, body: linkBody(form) })));
  };
  const field = (name) => error?.field?.(name);
  if (made) return html`<${MadeLink} made=${made} onClose=${onMade} />`;
  return html`
    <${Panel} title=${t('keys.newLinkOf', { name: who.account?.name ?? accountId() })}>
      <${Unsaved} when=${form !== initial} />
      <form class="form" onSubmit=${submit}>
        <p class="muted">${t('keys.aboutLink')}</p>
        <${TextField} label=${t('keys.name')} hint=${t('keys.linkNameHint')} value=${form.name} onValue=${set('name')} error=${field('name')} maxlength="100" autofocus autocomplete="off" />
        <${ScopesField} ofLink given=${given} value=${form.scopes} onValue=${set('scopes')} error=${field('scopes') ?? (form.scopes.length ? null : t('keys.chooseScopes'))} />
        <div class="row">
          <${SelectField} label=${t('keys.lasts')} value=${form.seconds} onValue=${set('seconds')} error=${field('expires_in_seconds')}
            options=${SECONDS.map((seconds) => [seconds, seconds === 'other' ? t('keys.otherMinutes') : duration(Number(seconds) * 1000)])} />
          ${form.seconds === 'other' && html`<${TextField} label=${t('keys.otherMinutes')} type="number" min="1" max="1440" step="any" required value=${form.otherMinutes} onValue=${set('otherMinutes')} />`}
        </div>
        <${WebhookField} value=${form.webhookId} onValue=${set('webhookId')} error=${field('webhook_id')} />
        <${FormError} error=${error} fields=${['name', 'scopes', 'expires_in_days', 'expires_in_seconds', 'webhook_id']} />
        <div class="buttons">
          <${Button} kind="primary" type="submit" busy=${busy}>${t('keys.makeLink')}<//>
          <${Button} onClick=${onClose}>${t('common.cancel')}<//>
        </div>
        <${Code} text=${curlOf('createConsoleLink', { params, body: linkBody(form) })} name=${t('common.withCurl')} wrap />
      </form>
    <//>`;
}

const MadeLink = ({ made, onClose }) => html`
  <${SecretOnce} title=${t('keys.linkTitle', { name: made.name })} secret=${made.url} name=${t('keys.link')} onClose=${onClose}>
    <p>${t('keys.linkUse')} ${t('keys.ends')}: <${Time} at=${made.expires_at} /> (<${Time} at=${made.expires_at} relative />).</p>
    ${webUrl(made.url) && html`<div><${ButtonLink} icon="external" href=${webUrl(made.url)} target="_blank" rel="noreferrer">${t('keys.openLink')}<//></div>`}
  <//>`;
