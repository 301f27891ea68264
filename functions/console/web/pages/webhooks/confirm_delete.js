import { html } from '../../lib/html.js';
import { t } from '../../texts/index.js';
import { hostOf } from '../../lib/webhooks.js';
import { Confirm } from '../../components/dialog.js';
import { account } from '../../state/session.js';

/** Asks before a webhook is deleted, and says what is deleted with it and what stays. The dialog stays open if `onDelete` returns `false`. */
export function ConfirmDelete({ webhook, onDelete, onClose, children }) {
  const confirm = async () => {
    if ((await onDelete(webhook)) !== false) onClose();
  };
  return html`
    <${Confirm} title=${t('webhooks.confirmDelete', { name: webhook.name })} action=${t('webhooks.confirmDeleteAction')} onConfirm=${confirm} onClose=${onClose}>
      <p class="anywhere">${t('webhooks.confirmDeleteText', { host: hostOf(webhook.url) })}</p>
      <p>${t('webhooks.confirmDeleteNext', { days: account()?.retention_days ?? 30 })}</p>
      ${children}
      ${webhook.status === 'active' && html`<p class="muted">${t('webhooks.confirmDeletePause')}</p>`}
    <//>`;
}
