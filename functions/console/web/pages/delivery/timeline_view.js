import { html } from '../../lib/html.js';
import { t } from '../../texts/index.js';
import { Status } from '../../components/status.js';
import { Time } from '../../components/time.js';
import { fastClock, useClock } from '../../lib/clock.js';
import { duration } from '../../lib/times.js';
import { Attempt } from './attempt.js';
import { timelineOf } from './timeline.js';

/** The timeline of a delivery, the oldest first and the last attempt open. `mask` hides numbers. */
export function Timeline({ delivery, webhook, mask, awaited }) {
  const items = timelineOf(delivery, webhook);
  const last = items.findLast(({ kind }) => kind === 'attempt');
  return html`
    <ol class="timeline">
      ${items.map((item, index) => html`<${Item} key=${keyOf(item, index)} item=${item} isLast=${item === last} delivery=${delivery} webhook=${webhook} mask=${mask} />`)}
      ${awaited && html`<li key="awaited" class="open"><div class="line"><span class="status retrying ring">${t('delivery.resendQueued')}</span></div></li>`}
    </ol>`;
}

const keyOf = (item, index) => (item.kind === 'attempt' ? `${item.attempt.at} ${item.attempt.trigger} ${item.attempt.number}` : `${item.kind} ${index}`);

function Item({ item, isLast, delivery, webhook, mask }) {
  switch (item.kind) {
    case 'received':
      return html`<li class="point"><div class="line"><strong>${t('delivery.received')}</strong><span class="when"><${Time} at=${item.at} /></span></div></li>`;
    case 'earlier':
      return html`<li class="gap"><span class="muted">${t('delivery.earlier')}</span></li>`;
    case 'wait':
      return html`
        <li class=${`gap ${item.reason ? 'long' : ''}`}>
          <span class="muted">${t('delivery.waited', { time: duration(item.milliseconds) })}</span>${reason(item.reason)}
        </li>`;
    case 'attempt':
      return html`<li class=${item.isAccepted ? 'point delivered' : 'point failed'}>
        <${Attempt} item=${item} isOpen=${isLast} mask=${mask} webhookId=${delivery.webhook_id} /></li>`;
    case 'next':
      return html`<${Next} item=${item} health=${webhook?.health} />`;
    default:
      return html`<li class="end"><div class="line"><${Status} value=${item.status} /><span class="when"><${Time} at=${item.at} /></span></div></li>`;
  }
}

const reason = (of) => of && html` <span class="chip">${t(`delivery.waits.${of.kind}`, { time: duration(of.milliseconds) })}</span>`;

/** The next attempt. While the circuit is open, the delivery waits for the probe even if its time has passed. */
function Next({ item, health }) {
  const now = useClock(fastClock);
  const left = item.at ? Date.parse(item.at) - now : 0;
  const isOpen = health && health.circuit !== 'closed';
  const seconds = Math.max(1, Math.round(left / 1000));
  const text = left > 0 ? t('delivery.nextIn', { time: duration(seconds * 1000) }) : t(isOpen ? 'delivery.nextWaits' : 'delivery.nextSoon');
  return html`
    <li class="open">
      <div class="line">
        <span class="status retrying ring">${text}</span>
        <span class="when"><${Time} at=${item.at} /></span>
      </div>
      ${item.deferredAt && html`<p class="muted small">${t('delivery.deferred')} <${Time} at=${item.deferredAt} />.${isOpen ? '' : ` ${t('delivery.deferredWhy')}`}</p>`}
      ${isOpen && html`<p class="small"><span class="chip">${t(`status.${health.circuit}`)}</span> ${t(`delivery.circuit.${health.circuit}`)}
        ${health.next_probe_at && html` ${t('delivery.probe')} <${Time} at=${health.next_probe_at} />.`}</p>`}
    </li>`;
}
