import { html } from '../../lib/html.js';
import { t } from '../../texts/index.js';
import { SelectField, TextField } from '../../components/field.js';
import { can } from '../../state/session.js';
import { useWebhookNames } from '../../state/webhook_names.js';
import { shortId } from '../../lib/ids.js';

/** The webhook that a new key is limited to: a choice by name, or its id if the key in use may not read webhooks. */
export function WebhookField({ value, onValue, error }) {
  const names = useWebhookNames();
  if (can('webhooks:read')) {
    const options = [['', t('keys.wholeAccount')], ...[...names].map(([id, name]) => [id, name ?? shortId(id)])];
    return html`<${SelectField} label=${t('keys.onlyWebhook')} hint=${t('keys.onlyWebhookHint')} error=${error} value=${value} onValue=${onValue} options=${options} />`;
  }
  return html`
    <${TextField} label=${t('keys.onlyWebhook')} hint=${`${t('keys.onlyWebhookId')} ${t('keys.onlyWebhookHint')}`} error=${error} value=${value} onValue=${onValue} mono
      placeholder=${t('keys.wholeAccount')} autocomplete="off" spellcheck=${false} />`;
}
