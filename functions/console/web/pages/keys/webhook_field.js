import { html, useId } from '../../lib/html.js';
import { t } from '../../texts/index.js';
import { call } from '../../api/client.js';
import { TextField } from '../../components/field.js';
import { useResource } from '../../state/resource.js';
import { can } from '../../state/session.js';

/** The webhook that a new key is limited to: its id, with the account's webhooks as suggestions if the key may read them. */
export function WebhookField({ value, onValue, error }) {
  const list = useId();
  const { data } = useResource((signal) => (can('webhooks:read') ? call('listWebhooks', { query: { limit: 100 }, signal }) : Promise.resolve({ data: [] })), []);
  const webhooks = data?.data.filter(({ unreadable }) => !unreadable) ?? [];
  const chosen = webhooks.find(({ id }) => id === value.trim());
  return html`
    <${TextField} label=${t('keys.onlyWebhook')} hint=${chosen ? chosen.name : t('keys.onlyWebhookHint')} error=${error} value=${value} onValue=${onValue} mono
      list=${list} placeholder=${t('keys.wholeAccount')} autocomplete="off" spellcheck=${false} />
    <datalist id=${list}>${webhooks.map(({ id, name }) => html`<option key=${id} value=${id}>${name}</option>`)}</datalist>`;
}
