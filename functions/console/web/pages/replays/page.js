import { html, useEffect, useState } from '../../lib/html.js';
import { t } from '../../texts/index.js';
import { call } from '../../api/client.js';
import { Button, ButtonLink } from '../../components/button.js';
import { Empty } from '../../components/empty.js';
import { Id } from '../../components/id.js';
import { ErrorNote } from '../../components/note.js';
import { Facts, Page, Panel } from '../../components/page.js';
import { Skeleton } from '../../components/skeleton.js';
import { Status } from '../../components/status.js';
import { Time } from '../../components/time.js';
import { useResource } from '../../state/resource.js';
import { linkTo } from '../../state/router.js';
import { can } from '../../state/session.js';
import { CancelReplay } from './cancel_replay.js';
import { Progress } from './progress.js';
import { isLive } from './replay.js';
import { shortId } from '../../lib/ids.js';

/** One replay and its progress, which is read every 2 s until the replay ends. */
export function Replay({ webhookId, id }) {
  const [isOver, setOver] = useState(false);
  const [isAsking, setAsking] = useState(false);
  const load = (signal) => call('readReplay', { params: { id: webhookId, replay_id: id }, signal });
  const { data: replay, error, reload } = useResource(load, [webhookId, id], { every: isOver ? undefined : 2_000 });
  const loadWebhook = (signal) => (can('webhooks:read') ? call('readWebhook', { params: { id: webhookId }, signal }) : null);
  const { data: webhook } = useResource(loadWebhook, [webhookId]);
  useEffect(() => setOver(Boolean(replay && !isLive(replay)) || error?.kind === 'not-found'), [replay, error]);
  const name = webhook?.name ?? shortId(webhookId);
  const back = [linkTo(`/webhooks/${webhookId}`, { tab: 'replays' }), webhook ? t('replays.back', { name }) : t('replays.backPlain')];
  if (error?.kind === 'not-found') {
    return html`<${Page} title=${t('replays.one')} back=${back}>
      <div class="panel"><${Empty} title=${t('replays.notFound')} text=${t('replays.notFoundText')} action=${html`<${ButtonLink} href=${back[0]}>${t('replays.title')}<//>`} /></div><//>`;
  }
  const actions = replay && isLive(replay) && can('deliveries:write') && html`<${Button} kind="danger" onClick=${() => setAsking(true)}>${t('replays.cancel')}<//>`;
  return html`
    <${Page} title=${t('replays.one')} back=${back} beside=${replay && html`<${Status} value=${replay.status} />`} actions=${actions}>
      ${error && html`<${ErrorNote} error=${error} retry=${reload} />`}
      ${replay ? html`<${Shown} replay=${replay} />` : !error && html`<div class="panel"><div class="body"><${Skeleton} lines=${8} /></div></div>`}
      ${isAsking && html`<${CancelReplay} replay=${replay} name=${name} reload=${reload} onClose=${() => setAsking(false)} />`}
    <//>`;
}

function Shown({ replay }) {
  const { id, webhook_id: webhookId, deliveries, from, to, status } = replay;
  const list = linkTo('/deliveries', { webhook_id: webhookId, from, to });
  return html`
    <div class="stack">
      <${Panel} title=${t('replays.progress')}>
        <div class="stack">
          <p>${t(status === 'completed' && replay.total === 0 ? 'replays.noneInRange' : `replays.state.${status}`)}</p>
          <${Progress} replay=${replay} />
        </div>
      <//>
      <${Panel} actions=${html`<${ButtonLink} kind="small" href=${list}>${t('replays.toDeliveries')}<//>`} title=${t('replays.one')}>
        <${Facts} of=${[
          [t('replays.range'), html`<${Time} at=${from} /> – <${Time} at=${to} />`],
          [t('replays.deliveries'), html`${t(`replays.which.${deliveries}`)} <span class="muted">${t(`replays.whichHint.${deliveries}`)}</span>`],
          [t('replays.created'), html`<${Time} at=${replay.created_at} />`],
          [t('replays.updated'), html`<${Time} at=${replay.updated_at} />`],
          [t('replays.id'), html`<${Id} value=${id} what=${t('replays.id')} whole />`],
        ]} />
      <//>
    </div>`;
}
