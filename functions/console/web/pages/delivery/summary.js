import { html } from '../../lib/html.js';
import { t } from '../../texts/index.js';
import { fastClock, useClock } from '../../lib/clock.js';
import { Id } from '../../components/id.js';
import { Note } from '../../components/note.js';
import { Facts, Panel } from '../../components/page.js';
import { Status } from '../../components/status.js';
import { Time } from '../../components/time.js';
import { WebhookName } from '../../components/webhook_name.js';
import { linkTo } from '../../state/router.js';
import { can, zone } from '../../state/session.js';
import { placeLink } from './place_link.js';
import { MOST_ATTEMPTS } from './timeline.js';
import { isWaiting } from '../deliveries/use_webhooks.js';
import { wordsOf } from './words.js';
import { shortId } from '../../lib/ids.js';
import { shortTime } from '../../lib/times.js';

/** The status of a delivery, and advice. */
export function Summary({ delivery, webhook, isDeleted }) {
  const { webhook_id: webhookId, report_id: reportId, attempts, status } = delivery;
  const name = isDeleted ? html`<code title=${webhookId}>${shortId(webhookId)}</code> <span class="chip">${t('delivery.deleted')}</span>`
    : html`<${WebhookName} id=${webhookId} names=${webhook && new Map([[webhookId, webhook.name]])} />`;
  const replay = delivery.replay_id && html`
    <a href=${linkTo(`/webhooks/${webhookId}/replays/${delivery.replay_id}`)} class="mono">${shortId(delivery.replay_id)}</a>`;
  return html`
    <${Panel} title=${t('delivery.summary')}>
      <${Advice} delivery=${delivery} webhook=${webhook} isDeleted=${isDeleted} />
      <${Facts} of=${[
        [t('delivery.status'), html`<${Status} value=${status} next=${delivery.next_attempt_at} health=${webhook?.health} />`],
        [t('delivery.webhook'), name],
        [t('delivery.webhookStatus'), webhook && webhook.status !== 'active' ? html`<${Status} value=${webhook.status} />` : undefined],
        [t('delivery.report'), html`<${Id} value=${reportId} href=${linkTo(`/reports/${reportId}`)} what=${t('delivery.reportId')} />`],
        [t('delivery.id'), html`<${Id} value=${delivery.id} what=${t('delivery.id')} />`],
        [t('delivery.receivedAt'), html`<${Time} at=${delivery.received_at} />`],
        [t('delivery.updatedAt'), html`<${Time} at=${delivery.updated_at} />`],
        [t('delivery.attempts'), attempts.length < MOST_ATTEMPTS ? String(attempts.length) : t('delivery.atLeast', { count: attempts.length })],
        [t('delivery.replayOf'), replay],
      ]} />
    <//>`;
}

function Advice({ delivery, webhook, isDeleted }) {
  const now = useClock(isWaiting(delivery) ? fastClock : null);
  const name = webhook?.name ?? shortId(delivery.webhook_id);
  const words = wordsOf(delivery, { webhook, name, isDeleted, now, timeOf: (at) => shortTime(at, zone(), now) });
  if (!words) return null;
  const kind = delivery.status === 'failed' ? 'failed-note' : isWaiting(delivery) ? 'warning' : '';
  const mayRead = can('webhooks:read');
  return html`
    ${words.lead && html`<${Note} kind=${kind} action=${mayRead && placeLink('webhook', delivery.webhook_id)}><p><strong>${words.lead}</strong></p><//>`}
    ${words.reason && html`
      <${Note} kind=${kind} action=${mayRead && words.place && placeLink(words.place, delivery.webhook_id)}>
        <p><strong>${words.reason}</strong></p><p>${words.step} ${words.then}</p>
      <//>`}`;
}
