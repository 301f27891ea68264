import { html } from '../../lib/html.js';
import { t } from '../../texts/index.js';
import { rateOf } from '../../lib/figures.js';
import { countText, percentText } from '../../lib/numbers.js';
import { hostOf, failureOf } from '../../lib/webhooks.js';
import { IconButton } from '../../components/button.js';
import { Id } from '../../components/id.js';
import { Sparkline } from '../../components/sparkline.js';
import { Status } from '../../components/status.js';
import { Time } from '../../components/time.js';
import { linkTo } from '../../state/router.js';
import { can } from '../../state/session.js';

const dash = () => html`<span class="muted">–</span>`;

/** The columns of the list. Figures need `deliveries:read`, and actions `webhooks:write`. */
export function columnsOf(actions) {
  const figures = can('deliveries:read');
  return [
    { name: 'name', title: t('webhooks.name'), sort: ({ name }) => name?.toLowerCase(), cell: (row) => html`<${Name} row=${row} />` },
    { name: 'status', title: t('webhooks.status'), sort: statusOrder, cell: (row) => html`<${State} row=${row} />` },
    figures && { name: 'rate', title: t('webhooks.rate'), sort: ({ summary }) => summary && rateOf(summary), cell: ({ summary }) => html`<${Rate} of=${summary} />` },
    figures && { name: 'deliveries', title: t('webhooks.deliveries'), right: true, sort: endedOf, cell: (row) => (row.summary ? countText(endedOf(row)) : dash()) },
    { name: 'failure', title: t('webhooks.lastFailure'), sort: ({ health }) => health?.last_failure?.at, cell: ({ health }) => html`<${LastFailure} of=${health?.last_failure} />` },
    { name: 'id', title: t('webhooks.id'), cell: ({ id, name }) => html`<${Id} value=${id} what=${t('webhooks.copyId', { name: name ?? id })} />` },
    can('webhooks:write') && { name: 'actions', title: t('webhooks.actions'), right: true, cell: (row) => html`<${Actions} row=${row} ...${actions} />` },
  ].filter(Boolean);
}

const endedOf = ({ summary }) => summary && summary.delivered + summary.failed;

/** The order of the status column: failing webhooks by severity, then active ones, then paused ones. */
const statusOrder = (row) => failureOf(row)?.rank ?? (row.status === 'active' ? 4 : 5);

const Name = ({ row: { id, name, url, unreadable } }) => (unreadable
  ? html`<span class="name unreadable">${t('webhooks.unreadable')}</span>`
  : html`<span class="name"><a class="ellipsis" href=${linkTo(`/webhooks/${id}`)} title=${name}>${name}</a><span class="ellipsis host" title=${url}>${hostOf(url)}</span></span>`);

function State({ row }) {
  if (row.unreadable) return dash();
  const failure = failureOf(row);
  const circuit = row.status === 'active' && row.health?.circuit !== 'closed' && row.health?.circuit;
  return html`
    <span class="state">
      <${Status} value=${row.status} />
      ${circuit && html`<${Status} value=${circuit} />`}
      ${failure?.kind === 'counting' && html`<span class="host">${t('webhooks.failuresInRow', { count: failure.failures })}</span>`}
    </span>`;
}

const Rate = ({ of: summary }) => (summary
  ? html`<span class="rate"><span class="share">${percentText(rateOf(summary))}</span>
      <${Sparkline} delivered=${summary.hourly.delivered} failed=${summary.hourly.failed}
        label=${t('webhooks.spark', { delivered: countText(summary.delivered), failed: countText(summary.failed) })} /></span>`
  : dash());

const LastFailure = ({ of: failure }) => (failure
  ? html`<span class="failure" title=${failure.meaning}><span class="ellipsis">${failure.meaning}</span><span class="host"><${Time} at=${failure.at} /></span></span>`
  : dash());

function Actions({ row, onToggle, onDelete, busy }) {
  if (row.unreadable) return null;
  const { name, status } = row;
  const isActive = status === 'active';
  return html`
    <span class="row-actions">
      <${IconButton} icon=${isActive ? 'pause' : 'play'} kind="small" busy=${busy === row.id} label=${t(isActive ? 'webhooks.pauseOf' : 'webhooks.activateOf', { name })} onClick=${() => onToggle(row)} />
      <${IconButton} icon="trash" kind="small" busy=${busy === row.id} label=${t('webhooks.deleteOf', { name })} onClick=${() => onDelete(row)} />
    </span>`;
}
