import { html, useRef, useState } from '../../lib/html.js';
import { t } from '../../texts/index.js';
import { call, curlOf } from '../../api/client.js';
import { Button } from '../../components/button.js';
import { Confirm } from '../../components/dialog.js';
import { Empty } from '../../components/empty.js';
import { TextField } from '../../components/field.js';
import { Panel } from '../../components/page.js';
import { Time } from '../../components/time.js';
import { can } from '../../state/session.js';
import { sayDone } from '../../state/toasts.js';
import { usesOf } from './request_parts.js';
import { SecretForm } from './secret_form.js';

const saveSecrets = (webhook, secrets) => call('changeWebhook', { params: { id: webhook.id }, body: { secrets } });

/** The text that says where a secret is used. */
const usesText = (webhook, name) => usesOf(name, webhook).map((use) => (use.startsWith('headers.')
  ? t('webhook.secrets.places.header', { name: use.slice(8) })
  : t(`webhook.secrets.places.${use}`))).join(', ');

/** The secrets for `%name%`, with when each was set and where it is used. Adds, replaces and removes them. */
export function NamedSecrets({ webhook, reload }) {
  /** `add`, or `does` (`replace`, `remove`) and the `name` of a secret. */
  const [open, setOpen] = useState(null);
  const close = () => setOpen(null);
  const names = Object.keys(webhook.secrets).sort();
  const mayWrite = can('webhooks:write');
  const add = html`<${Button} kind="small" icon="plus" onClick=${() => setOpen('add')}>${t('webhook.secrets.add')}<//>`;
  const saved = (name) => {
    sayDone(t('webhook.secrets.saved', { name }));
    reload();
  };
  const isEmpty = !names.length && open !== 'add';
  return html`
    <${Panel} title=${t('webhook.secrets.named')} actions=${mayWrite && names.length > 0 && open !== 'add' && add} flush>
      ${isEmpty && html`<${Empty} title=${t('webhook.secrets.none')} text=${t('webhook.secrets.noneText')} action=${mayWrite && add}
        curl=${mayWrite && curlOf('changeWebhook', { params: { id: webhook.id }, body: { secrets: { token: '…' } } })} />`}
      ${!isEmpty && html`<p class="body muted">${t('webhook.secrets.namedHint')}</p>`}
      ${open === 'add' && html`<${NewSecret} webhook=${webhook} onSaved=${saved} onCancel=${close} />`}
      ${names.length > 0 && html`<${Table} webhook=${webhook} names=${names} mayWrite=${mayWrite} open=${open} setOpen=${setOpen} onSaved=${saved} />`}
      ${open?.does === 'remove' && html`<${ConfirmRemoval} webhook=${webhook} name=${open.name} reload=${reload} onClose=${close} />`}
    <//>`;
}

const Table = ({ webhook, names, mayWrite, open, setOpen, onSaved }) => html`
  <div class="table-wrap" tabindex="0" role="region" aria-label=${t('webhook.secrets.named')}>
    <table class="table cards">
      <thead><tr>
        ${['name', 'setAt', 'uses'].map((name) => html`<th key=${name} scope="col">${t(`webhook.secrets.${name}`)}</th>`)}
        ${mayWrite && html`<th scope="col" class="right">${t('webhook.rowActions')}</th>`}
      </tr></thead>
      <tbody>${names.map((name) => html`
        <tr key=${name}>
          <td data-label=${t('webhook.secrets.name')}><code>%${name}%</code></td>
          <td data-label=${t('webhook.secrets.setAt')}><${Time} at=${webhook.secrets[name].set_at} /></td>
          <td data-label=${t('webhook.secrets.uses')}>${usesText(webhook, name) || html`<span class="muted">${t('webhook.secrets.unused')}</span>`}</td>
          ${mayWrite && html`<td class="right"><span class="webhook-row-buttons">
            <${Button} kind="small" onClick=${() => setOpen({ does: 'replace', name })}>${t('webhook.secrets.replace')}<//>
            <${Button} kind="small danger" onClick=${() => setOpen({ does: 'remove', name })}>${t('webhook.secrets.remove')}<//>
          </span></td>`}
        </tr>
        ${open?.does === 'replace' && open.name === name && html`
          <tr key=${`${name}-replace`}><td colspan="4" class="webhook-form-cell">
            <${SecretForm} label=${t('webhook.secrets.newValue', { name })} field=${`secrets.${name}`} onSaved=${() => setOpen(null)} onCancel=${() => setOpen(null)}
              onSave=${async (value) => { await saveSecrets(webhook, { [name]: value }); onSaved(name); }} />
          </td></tr>`}`)}</tbody>
    </table>
  </div>`;

/** The name and the value of a new secret. */
function NewSecret({ webhook, onSaved, onCancel }) {
  const [name, setName] = useState('');
  const [saved, setSaved] = useState(null);
  const latest = useRef(name);
  latest.current = name;
  const isTaken = name !== saved && Object.hasOwn(webhook.secrets, name);
  const save = async (value) => {
    await saveSecrets(webhook, { [name]: value });
    setSaved(name);
    onSaved(name);
  };
  // A name that was typed while the save ran belongs to the next secret.
  const close = () => latest.current === name && onCancel();
  const first = html`<${TextField} label=${t('webhook.secrets.name')} hint=${t('webhook.secrets.nameHint')} value=${name} onValue=${setName} mono
    error=${isTaken ? t('webhook.secrets.taken') : undefined} spellcheck=${false} autocomplete="off" />`;
  return html`<div class="body webhook-form">
    <${SecretForm} label=${t('webhook.secrets.value')} field=${`secrets.${name}`} first=${first} isBlocked=${!name || isTaken} onSave=${save} onSaved=${close} onCancel=${onCancel} />
  </div>`;
}

function ConfirmRemoval({ webhook, name, reload, onClose }) {
  const uses = usesText(webhook, name);
  const remove = async () => {
    await saveSecrets(webhook, { [name]: null });
    sayDone(t('webhook.secrets.removed', { name }));
    onClose();
    reload();
  };
  return html`<${Confirm} title=${t('webhook.secrets.removeTitle', { name })} action=${t('webhook.secrets.remove')} onConfirm=${remove} onClose=${onClose}>
    <p>${t('webhook.secrets.removeText', { name })}</p>${uses && html`<p>${t('webhook.secrets.removeUsed', { uses })}</p>`}<//>`;
}
