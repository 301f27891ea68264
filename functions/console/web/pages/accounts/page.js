import { html, useState } from '../../lib/html.js';
import { useSignal } from '../../lib/signal.js';
import { t } from '../../texts/index.js';
import { call, curlOf } from '../../api/client.js';
import { stopActing } from '../../components/acting.js';
import { Button } from '../../components/button.js';
import { DataTable } from '../../components/data_table.js';
import { Empty } from '../../components/empty.js';
import { Filters } from '../../components/filters.js';
import { Note } from '../../components/note.js';
import { Page } from '../../components/page.js';
import { Status } from '../../components/status.js';
import { Time } from '../../components/time.js';
import { usePages } from '../../state/resource.js';
import { go, linkTo, setQuery, useQuery } from '../../state/router.js';
import { isPlatform, session } from '../../state/session.js';
import { ActFor } from './act_for.js';
import { matching } from './accounts.js';
import { NewAccount } from './new_account.js';

const pathOf = ({ id }) => `/accounts/${encodeURIComponent(id)}`;

/** The accounts of the platform: searching, creating, and acting for one. */
export function Accounts() {
  const { accountId } = useSignal(session);
  const { q, new: making } = useQuery();
  const [chosen, setChosen] = useState(false);
  const pages = usePages((cursor, signal) => (isPlatform() ? call('listAccounts', { query: { cursor, limit: 100 }, signal }) : Promise.resolve({ data: [], next_cursor: null })), []);
  if (!isPlatform()) return html`<${Page} title=${t('accounts.title')}><${Note}>${t('common.needsScope', { scope: 'platform' })}<//><//>`;
  const close = () => setQuery({ new: undefined });
  const add = html`<${Button} kind="primary" icon="plus" onClick=${() => setQuery({ new: 1 })}>${t('accounts.new')}<//>`;
  const shown = pages.rows && matching(pages.rows, q);
  const empty = pages.rows?.length
    ? html`<${Empty} title=${t('accounts.noMatch')} text=${t('accounts.noMatchText')} />`
    : html`<${Empty} title=${t('accounts.emptyTitle')} text=${t('accounts.emptyText')} action=${add} curl=${curlOf('createAccount', { body: { name: 'Acme', time_zone: 'Asia/Kolkata' } })} />`;
  return html`
    <${Page} title=${t('accounts.title')} actions=${html`${accountId && html`<${Button} onClick=${stopActing}>${t('accounts.stopActing')}<//>`}${!making && add}`}>
      ${making && html`<${NewAccount} onClose=${close} onMade=${(account) => go(pathOf(account))} />`}
      <div class=${making ? 'accounts-below' : ''}>
        <${Filters} label=${t('accounts.search')} fields=${[{ name: 'q', label: t('accounts.search'), type: 'search', placeholder: t('accounts.searchHint') }]} />
        <section class="panel">
          <${DataTable} label=${t('accounts.title')} pages=${{ ...pages, rows: shown }} columns=${columns({ accountId, chosen, onChosen: setChosen })} empty=${empty}
            linkOf=${(row) => (row.unreadable ? undefined : linkTo(pathOf(row)))} />
        </section>
      </div>
    <//>`;
}

const columns = ({ accountId, chosen, onChosen }) => {
  const readable = (cell) => (row) => (row.unreadable ? html`<span class="muted">–</span>` : cell(row));
  return [
    {
      name: 'name', title: t('account.name'), sort: ({ name }) => name?.toLowerCase(),
      cell: (row) => (row.unreadable ? html`<span title=${t('common.unreadable')}>${t('keys.unreadable')}</span>` : html`<a class="ellipsis" href=${linkTo(pathOf(row))} title=${row.name}>${row.name}</a>`),
    },
    { name: 'id', title: t('account.id'), sort: ({ id }) => id, cell: ({ id }) => html`<span class="mono ellipsis" title=${id}>${id}</span>` },
    { name: 'zone', title: t('account.zone'), sort: ({ time_zone: zone }) => zone, cell: readable((row) => row.time_zone) },
    { name: 'retention', title: t('account.retentionDays'), right: true, sort: ({ retention_days: days }) => days, cell: readable((row) => row.retention_days) },
    { name: 'status', title: t('account.status'), sort: ({ status }) => status, cell: readable((row) => html`<${Status} value=${row.status} />`) },
    { name: 'made', title: t('account.made'), sort: ({ created_at: at }) => at, cell: readable((row) => html`<${Time} at=${row.created_at} />`) },
    {
      name: 'act', title: t('accounts.acting'), right: true,
      cell: readable((row) => html`<${ActFor} account=${row} isCurrent=${row.id === accountId} busyId=${chosen} onBusy=${onChosen} />`),
    },
  ];
};
