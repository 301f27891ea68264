import { html, useId, useState } from '../../lib/html.js';
import { t } from '../../texts/index.js';
import { Code } from '../../components/code.js';
import { Icon } from '../../components/icon.js';
import { Facts } from '../../components/page.js';
import { Time } from '../../components/time.js';
import { headerLines } from '../../lib/headers.js';
import { asSentence } from '../../lib/sentences.js';
import { duration, plainTime } from '../../lib/times.js';
import { linkTo } from '../../state/router.js';
import { can, zone } from '../../state/session.js';
import { outcomeOf } from './outcome.js';
import { beginOf, endOf } from './timeline.js';

/** An instant to the millisecond. */
const exact = (time) => html`<time datetime=${time} title=${time}>${plainTime(time, zone())}.${String(Date.parse(time) % 1000).padStart(3, '0')}</time>`;

/** The trigger of an attempt, in short. */
function triggerOf({ replay_id: replayId, trigger, number }) {
  if (replayId) return t('delivery.replay');
  return trigger === 'manual' ? t('delivery.manual') : t('delivery.automatic', { number });
}

/** The trigger of an attempt, with its ids. */
function Trigger({ attempt, webhookId }) {
  if (attempt.replay_id) return html`<a href=${linkTo(`/webhooks/${webhookId}/replays/${attempt.replay_id}`)}>${triggerOf(attempt)}</a>`;
  if (attempt.trigger === 'manual') return html`<span title=${attempt.resend_id}>${triggerOf(attempt)}</span>`;
  return t('delivery.automaticOf', { number: attempt.number });
}

/** The data of an attempt that the log lacks. */
function omissionsOf(attempt) {
  const found = [];
  if (!attempt.request && !attempt.omitted) found.push(t('delivery.noEvidence'));
  for (const name of attempt.omitted ?? []) found.push(t(`delivery.omitted.${name}`));
  if (attempt.omitted_headers) found.push(t('delivery.omittedHeaders', { count: attempt.omitted_headers }));
  if (attempt.request?.url.endsWith('/•••') && !can('webhooks:read')) found.push(t('delivery.urlHidden'));
  return found;
}

const isJson = (attempt, text) => /json/.test(attempt.response_headers?.['content-type'] ?? '') || /^\s*[[{]/.test(text);

/** The request and the response of an attempt, as far as they are in the log. */
function Evidence({ attempt, mask, webhookId }) {
  const headers = headerLines(attempt.response_headers);
  const { text, base64 } = attempt.response ?? {};
  const omissions = omissionsOf(attempt);
  const isWithoutBody = !attempt.response && attempt.status_code !== undefined;
  const masked = (text) => ({ text: mask.text(text), original: text });
  return html`
    <div class="evidence">
      ${attempt.error && html`<p>${asSentence(attempt.error.detail ?? attempt.error.type)}</p>`}
      <${Facts} of=${[
        [t('delivery.trigger'), html`<${Trigger} attempt=${attempt} webhookId=${webhookId} />`],
        [t('delivery.sentAt'), exact(beginOf(attempt))],
        [t('delivery.endedAt'), html`${exact(endOf(attempt))} <span class="muted">${t('delivery.after', { time: duration(attempt.latency_ms) })}</span>`],
        [t('delivery.errorType'), attempt.error && html`<code>${[attempt.error.type, attempt.error.reason].filter(Boolean).join(' · ')}</code>`],
        [t('delivery.address'), attempt.address && html`<code>${attempt.address}</code>`],
        [t('delivery.httpVersion'), attempt.http_version],
        [t('delivery.responseBytes'), attempt.response_bytes !== undefined ? t('common.bytes', { count: attempt.response_bytes }) : undefined],
      ]} />
      ${attempt.request && html`<${Code} name=${t('delivery.request')} ...${masked(`${attempt.request.method} ${attempt.request.url}`)} wrap />`}
      ${headers && html`<${Code} name=${t('delivery.responseHeaders')} ...${masked(headers)} wrap />`}
      ${text !== undefined && html`<${Code} name=${t('delivery.responseBody')} text=${mask.body(text)} original=${text} json=${isJson(attempt, text)} wrap />`}
      ${base64 !== undefined && html`<${Code} name=${t('delivery.responseBase64')} text=${base64} wrap />`}
      ${isWithoutBody && html`<p class="muted">${t(attempt.response_bytes ? 'delivery.bodyNotKept' : 'delivery.withoutBody')}</p>`}
      ${omissions.length > 0 && html`<p class="muted small">${omissions.join(' ')}</p>`}
    </div>`;
}

/** An attempt in the timeline: its outcome and latency in a line, and on a click its request and response. */
export function Attempt({ item: { attempt, isAccepted, share }, isOpen: isOpenAtFirst, mask, webhookId }) {
  const [isOpen, setOpen] = useState(isOpenAtFirst);
  const id = useId();
  return html`
    <div class="attempt">
      <button type="button" class="attempt-line" aria-expanded=${isOpen} aria-controls=${id} onClick=${() => setOpen(!isOpen)}>
        <span class=${`status ${isAccepted ? 'delivered' : 'failed square'} outcome`}>${outcomeOf(attempt)}</span>
        <span class="trigger muted">${triggerOf(attempt)}</span>
        <span class="latency">
          <span class="bar"><span class=${isAccepted ? 'fill delivered' : 'fill failed'} style=${{ width: `${Math.max(1, share * 100)}%` }} /></span>
          <span class="figure-text">${duration(attempt.latency_ms)}</span>
        </span>
        <span class="when"><${Time} at=${beginOf(attempt)} /></span>
        <span class=${`chevron ${isOpen ? 'open' : ''}`}><${Icon} name="down" /></span>
      </button>
      <div id=${id}>${isOpen && html`<${Evidence} attempt=${attempt} mask=${mask} webhookId=${webhookId} />`}</div>
    </div>`;
}
