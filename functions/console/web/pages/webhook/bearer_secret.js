import { html, useState } from '../../lib/html.js';
import { t } from '../../texts/index.js';
import { call } from '../../api/client.js';
import { Button } from '../../components/button.js';
import { Confirm } from '../../components/dialog.js';
import { Panel } from '../../components/page.js';
import { Time } from '../../components/time.js';
import { can } from '../../state/session.js';
import { sayDone } from '../../state/toasts.js';
import { SecretForm } from './secret_form.js';

/** The secret of `Authorization: Bearer …`. */
export function BearerSecret({ webhook, reload }) {
  const [open, setOpen] = useState(null);
  const name = t('webhook.secrets.bearerName');
  const set = webhook.bearer_secret?.set_at;
  const save = async (value) => {
    await call('changeWebhook', { params: { id: webhook.id }, body: { bearer_secret: value } });
    sayDone(t(value === null ? 'webhook.secrets.removed' : 'webhook.secrets.saved', { name }));
    reload();
  };
  const close = () => setOpen(null);
  const remove = async () => {
    await save(null);
    close();
  };
  return html`
    <${Panel} title=${t('webhook.secrets.bearer')}>
      <div class="stack">
        <p class="muted">${t('webhook.secrets.bearerHint')}</p>
        <div class="webhook-line">
          <span>${set ? html`${t('webhook.secrets.setAt')} <${Time} at=${set} />` : t('webhook.secrets.bearerNone')}</span>
          ${can('webhooks:write') && open !== 'write' && html`
            <${Button} kind="small" onClick=${() => setOpen('write')}>${t(set ? 'webhook.secrets.replace' : 'webhook.secrets.bearerAdd')}<//>
            ${set && html`<${Button} kind="small danger" onClick=${() => setOpen('remove')}>${t('webhook.secrets.remove')}<//>`}`}
        </div>
        ${open === 'write' && html`<${SecretForm} label=${t('webhook.secrets.bearerNew')} field="bearer_secret" onSave=${save} onSaved=${close} onCancel=${close} />`}
      </div>
      ${open === 'remove' && html`<${Confirm} title=${t('webhook.secrets.removeTitle', { name })} action=${t('webhook.secrets.remove')}
        onConfirm=${remove} onClose=${close}>
        <p>${t('webhook.secrets.removeBearer', { name: webhook.name })}</p><//>`}
    <//>`;
}
