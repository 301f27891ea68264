import { html } from '../../lib/html.js';
import { t } from '../../texts/index.js';
import { ButtonLink } from '../../components/button.js';
import { Id } from '../../components/id.js';
import { Note } from '../../components/note.js';
import { Facts, Panel } from '../../components/page.js';
import { Status } from '../../components/status.js';
import { Time } from '../../components/time.js';
import { WebhookName } from '../../components/webhook_name.js';
import { linkTo } from '../../state/router.js';
import { can } from '../../state/session.js';
import { adviceOf, meaningOf } from './advice.js';
import { outcomeOf } from './outcome.js';
import { MOST_ATTEMPTS } from './timeline.js';
import { shortId } from '../../lib/ids.js';

const linkOf = { compose: (id) => linkTo(`/webhooks/${id}/compose`), webhook: (id) => linkTo(`/webhooks/${id}`) };

/** How a delivery stands, and what to do about it. */
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
  const advice = adviceOf(delivery);
  if (!advice) return null;
  const isWaiting = delivery.status === 'retrying' || delivery.status === 'pending';
  const last = delivery.attempts.at(-1);
  const meaning = meaningOf(delivery, webhook) ?? (last && t('delivery.answered', { outcome: outcomeOf(last) }));
  const canBeResent = delivery.status === 'failed' && advice.step !== 'gone';
  const then = isWaiting ? t('delivery.triesAgain') : canBeResent ? t('delivery.thenResend') : '';
  const step = isDeleted ? t('delivery.steps.webhook_deleted') : `${t(`delivery.steps.${advice.step}`)} ${then}`.trim();
  const link = advice.place && !isDeleted && can('webhooks:write') && html`
    <${ButtonLink} kind="small" href=${linkOf[advice.place](delivery.webhook_id)}>${t(`delivery.places.${advice.place}`)}<//>`;
  return html`
    <${Note} kind=${delivery.status === 'failed' ? 'failed-note' : isWaiting ? 'warning' : ''} action=${link}>
      <p><strong>${meaning}</strong></p><p>${step}</p>
    <//>`;
}
