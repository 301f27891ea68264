import { html, useEffect, useState } from '../../lib/html.js';
import { t } from '../../texts/index.js';
import { call, curlOf } from '../../api/client.js';
import { DataTable } from '../../components/data_table.js';
import { Empty } from '../../components/empty.js';
import { Note } from '../../components/note.js';
import { Panel } from '../../components/page.js';
import { Status } from '../../components/status.js';
import { Time } from '../../components/time.js';
import { usePages } from '../../state/resource.js';
import { linkTo } from '../../state/router.js';
import { can } from '../../state/session.js';
import { NewReplay } from '../replays/new_replay.js';
import { isLive } from '../replays/replay.js';

const EVERY_MS = 5_000;

const columns = () => [
  { name: 'range', title: t('replays.range'), cell: (row) => html`<${Range} row=${row} />` },
  { name: 'deliveries', title: t('replays.deliveries'), cell: (row) => !row.unreadable && t(`replays.which.${row.deliveries}`) },
  { name: 'status', title: t('replays.status'), cell: (row) => !row.unreadable && html`<${Status} value=${row.status} />` },
  { name: 'progress', title: t('replays.progress'), right: true, cell: (row) => !row.unreadable && (row.total === null ? t('replays.counting') : t('replays.doneOf', row)) },
  { name: 'missing', title: t('replays.missing'), right: true, cell: (row) => row.missing },
  { name: 'created', title: t('replays.created'), cell: (row) => !row.unreadable && html`<${Time} at=${row.created_at} />` },
];

const linkOf = (row) => (row.unreadable ? undefined : linkTo(`/webhooks/${row.webhook_id}/replays/${row.id}`));

/** The range of a replay, as a link to it. */
const Range = ({ row }) => (row.unreadable
  ? t('common.unreadable')
  : html`<a href=${linkOf(row)}><${Time} at=${row.from} /> – <${Time} at=${row.to} /></a>`);

/** The replays of a webhook, and a form for another. They are reloaded while one is in progress. */
export function ReplaysTab({ webhook }) {
  const { id } = webhook;
  const [goesOn, setGoesOn] = useState(false);
  const pages = usePages((cursor, signal) => call('listReplays', { params: { id }, query: { limit: 25, cursor }, signal }), [id], { every: goesOn ? EVERY_MS : undefined });
  const isAnyLive = Boolean(pages.rows?.some(isLive));
  useEffect(() => setGoesOn(isAnyLive), [isAnyLive]);
  const empty = html`<${Empty} title=${t('replays.none')} text=${t('replays.noneText')}
    curl=${can('deliveries:write') && curlOf('createReplay', { params: { id }, body: { from: '2026-11-22 08:00:00', to: '2026-11-22 12:00:00', deliveries: 'failed' } })} />`;
  return html`
    <div class="stack">
      <p class="muted">${t('replays.lead')}</p>
      ${can('deliveries:write') ? html`<${NewReplay} webhook=${webhook} />` : html`<${Note}>${t('common.needsScope', { scope: 'deliveries:write' })}<//>`}
      <${Panel} title=${t('replays.title')} flush>
        <${DataTable} label=${t('replays.title')} columns=${columns()} pages=${pages} linkOf=${linkOf} empty=${empty} />
      <//>
    </div>`;
}
