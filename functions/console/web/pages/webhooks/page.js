import { curlOf } from '../../api/client.js';
import { html, useState } from '../../lib/html.js';
import { t } from '../../texts/index.js';
import { hasStatus } from '../../lib/webhooks.js';
import { Button, ButtonLink } from '../../components/button.js';
import { DataTable } from '../../components/data_table.js';
import { Empty } from '../../components/empty.js';
import { Filters } from '../../components/filters.js';
import { Page } from '../../components/page.js';
import { linkTo, useQuery } from '../../state/router.js';
import { can, onlyWebhook } from '../../state/session.js';
import { columnsOf } from './columns.js';
import { ConfirmDelete } from './confirm_delete.js';
import { ConflictNote } from './conflict_note.js';
import { useWebhookList } from './list.js';

/** The account's webhooks with their health, figures and actions. */
export function Webhooks() {
  const { name, status } = useQuery();
  const list = useWebhookList(name);
  const [deleting, setDeleting] = useState(null);
  const { pages, conflict } = list;
  const rows = pages.rows?.filter((row) => hasStatus(row, status));
  const mayCreate = can('webhooks:write') && !onlyWebhook();
  const repeat = (action, now) => {
    list.closeConflict();
    if (action === 'remove') setDeleting(now);
    else list.toggle(now);
  };
  const create = mayCreate && html`<${ButtonLink} kind="primary" icon="plus" href=${linkTo('/webhooks/new')}>${t('webhooks.create')}<//>`;
  return html`
    <${Page} title=${t('webhooks.title')} actions=${create}>
      ${conflict && html`<${ConflictNote} of=${conflict} onRepeat=${repeat} onClose=${list.closeConflict} />`}
      <${Filters} label=${t('webhooks.filters')} fields=${fields()} />
      ${status && pages.rows && html`<p class="list-hint muted">${t('webhooks.statusHint', { count: pages.rows.length })}
        ${pages.hasMore && html` <${Button} kind="small" busy=${pages.loading} onClick=${pages.more}>${t('webhooks.statusHintMore')}<//>`}</p>`}
      <div class="panel webhooks">
        <${DataTable} label=${t('webhooks.title')} columns=${columnsOf({ onToggle: list.toggle, onDelete: setDeleting, busy: list.busy })}
          pages=${{ ...pages, rows }} linkOf=${linkOf} empty=${html`<${None} isFiltered=${Boolean(name || status)} create=${create} />`} />
      </div>
      <p class="list-hint muted">${t('webhooks.idHint')}</p>
      ${deleting && html`<${ConfirmDelete} webhook=${deleting} onDelete=${list.remove} onClose=${() => setDeleting(null)} />`}
    <//>`;
}

const linkOf = ({ id, unreadable }) => (unreadable ? undefined : linkTo(`/webhooks/${id}`));

const fields = () => [
  { name: 'name', label: t('webhooks.name'), placeholder: t('webhooks.namePlaceholder'), maxLength: 100, type: 'search' },
  { name: 'status', label: t('webhooks.status'), options: ['active', 'inactive', 'disabled', 'failing'].map((value) => [value, t(`webhooks.statuses.${value}`)]) },
];

const None = ({ isFiltered, create }) => (isFiltered
  ? html`<${Empty} title=${t('webhooks.noMatch')} text=${t('webhooks.noMatchText')} />`
  : html`<${Empty} title=${t('webhooks.none')} text=${t('webhooks.noneText')} action=${create}
      curl=${create ? curlOf('createWebhook', { body: { name: 'CRM', url: 'https://crm.example.com/calls' } }) : undefined} />`);
