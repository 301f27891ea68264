import { html, useState } from '../../lib/html.js';
import { t } from '../../texts/index.js';
import { call, curlOf } from '../../api/client.js';
import { Button } from '../../components/button.js';
import { DataTable } from '../../components/data_table.js';
import { Confirm } from '../../components/dialog.js';
import { Empty } from '../../components/empty.js';
import { Note } from '../../components/note.js';
import { Panel } from '../../components/page.js';
import { PhoneNumber } from '../../components/phone_number.js';
import { Time } from '../../components/time.js';
import { usePages } from '../../state/resource.js';
import { can, onlyWebhook } from '../../state/session.js';
import { sayDone } from '../../state/toasts.js';
import { partsOf } from './identities.js';
import { NewSubscription } from './new_subscription.js';
import { pageOfWebhook } from './subscriptions_list.js';

/** The subscriptions of a webhook: the reports that it gets without being named. */
export function SubscriptionsTab({ webhook }) {
  const { id, name } = webhook;
  const [isAdding, setAdding] = useState(false);
  const [asked, setAsked] = useState(null);
  const [existing, setExisting] = useState(null);
  const list = (cursor, signal) => call('listSubscriptions', { query: { limit: 100, cursor }, signal });
  const pages = usePages((cursor, signal) => pageOfWebhook(id, cursor, (cursor) => list(cursor, signal)), [id]);
  const mayWrite = can('webhooks:write');
  const mayAdd = mayWrite && !onlyWebhook();
  const add = mayAdd && html`<${Button} kind="small" icon="plus" onClick=${() => setAdding(true)}>${t('webhook.subscriptions.add')}<//>`;
  const added = (isTyping) => {
    sayDone(t('webhook.subscriptions.added'));
    setAdding(isTyping);
    setExisting(null);
    pages.reload();
  };
  const remove = async () => {
    await call('deleteSubscription', { params: { id: asked.id } });
    sayDone(t('webhook.subscriptions.deleted'));
    setAsked(null);
    pages.reload();
  };
  const empty = html`<${Empty} title=${t('webhook.subscriptions.none')} text=${t('webhook.subscriptions.noneText')} action=${!isAdding && add}
    curl=${mayAdd && curlOf('createSubscription', { body: { webhook_id: id, identity: 'all' } })} />`;
  return html`
    <div class="stack">
      <${Note}>${t('webhook.subscriptions.explain')}<//>
      ${mayWrite && onlyWebhook() && html`<p class="muted">${t('webhook.subscriptions.oneWebhook')}</p>`}
      ${isAdding && html`<${NewSubscription} webhook=${webhook} onAdded=${added} onExisting=${setExisting} onCancel=${() => setAdding(false)} />`}
      <${Panel} title=${t('webhook.subscriptions.title')} actions=${!isAdding && add} flush>
        <${DataTable} label=${t('webhook.subscriptions.title')} columns=${columnsOf(existing, mayWrite && setAsked)} pages=${pages} empty=${empty} />
      <//>
      ${asked && html`<${Confirm} title=${t('webhook.subscriptions.deleteTitle')} action=${t('webhook.subscriptions.delete')} onConfirm=${remove} onClose=${() => setAsked(null)}>
        <p class="anywhere">${t('webhook.subscriptions.deleteText', { event: asked.event, identity: asked.identity, name })}</p><//>`}
    </div>`;
}

const columnsOf = (existing, askToDelete) => [
  { name: 'event', title: t('webhook.subscriptions.event'), cell: (row) => html`<span class=${`mono ${row.id === existing ? 'webhook-marked' : ''}`}>${row.event}</span>` },
  { name: 'identity', title: t('webhook.subscriptions.identity'), cell: (row) => html`<${Identity} identity=${row.identity} />` },
  { name: 'created', title: t('webhook.subscriptions.created'), cell: (row) => html`<${Time} at=${row.created_at} />` },
  ...(askToDelete ? [{
    name: 'delete', title: t('webhook.rowActions'), right: true, cell: (row) => html`<${Button} kind="small danger" onClick=${() => askToDelete(row)}>${t('webhook.subscriptions.delete')}<//>`,
  }] : []),
];

/** An identity as text. */
function Identity({ identity }) {
  const { kind, value } = partsOf(identity);
  const text = t(`webhook.subscriptions.of.${kind}`);
  if (kind === 'all') return text;
  const shown = kind === 'number' ? html`<${PhoneNumber} value=${value} />` : html`<span class="mono">${value}</span>`;
  return html`<span class="webhook-identity">${text} ${shown}</span>`;
}
