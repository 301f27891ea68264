import { html } from '../../lib/html.js';
import { t } from '../../texts/index.js';
import { Button, ButtonLink } from '../../components/button.js';
import { Id } from '../../components/id.js';
import { ErrorNote } from '../../components/note.js';
import { Facts, Panel } from '../../components/page.js';
import { Status } from '../../components/status.js';
import { Time } from '../../components/time.js';
import { fastClock, useClock } from '../../lib/clock.js';
import { relativeTime } from '../../lib/times.js';
import { useAction } from '../../state/resource.js';
import { linkTo } from '../../state/router.js';
import { can } from '../../state/session.js';
import { sayDone } from '../../state/toasts.js';
import { rangeUntilNow } from '../../lib/ranges.js';
import { setStatus } from './actions.js';

/** The state of a webhook, as the page distinguishes them. */
export function stateOf({ status, disabled_reason: reason, health }) {
  if (status === 'inactive') return 'inactive';
  if (status === 'disabled') return reason === 'gone' ? 'gone' : 'failingLong';
  if (health.circuit !== 'closed') return health.circuit;
  return health.consecutive_failures > 0 ? 'failing' : 'active';
}

/** The first sentence of the note: the state, and the reason of the last failure. */
function leadOf(state, meaning) {
  if (!leads[state]) return null;
  const reason = meaning?.trim().replace(/[.]$/, '') ?? t('webhook.health.unknownReason');
  return t(leads[state], { reason });
}

const leads = { open: 'webhook.health.lead.open', half_open: 'webhook.health.lead.open', failing: 'webhook.health.lead.failing', failingLong: 'webhook.health.lead.failingLong' };
const actionOf = { open: 'openAction', inactive: 'inactiveAction', failingLong: 'disabledAction', gone: 'disabledAction' };
const kindOf = { open: 'failed', failingLong: 'failed', gone: 'failed', half_open: 'warning', failing: 'warning', inactive: 'warning' };

/** The status and the circuit of a webhook, with their meaning and advice. */
export function Health({ webhook, reload }) {
  const { health } = webhook;
  const state = stateOf(webhook);
  const isActive = webhook.status === 'active';
  const lead = leadOf(state, health.last_failure?.meaning);
  return html`
    <${Panel} title=${t('webhook.health.title')}>
      <div class="stack">
        <div class=${`note ${kindOf[state] ?? 'good'}`}><div class="text">
          ${lead && html`<p><strong>${lead}</strong></p>`}
          <p>${t(`webhook.health.state.${state}`)}</p>
          ${actionOf[state] && html`<p>${t(`webhook.health.state.${actionOf[state]}`)}</p>`}
        </div></div>
        <${NextSteps} webhook=${webhook} state=${state} reload=${reload} />
        <${Facts} of=${knownOf([
          [t('webhook.health.status'), html`<${Status} value=${webhook.status} />`],
          [t('webhook.health.disabledAt'), webhook.disabled_at && html`<${Time} at=${webhook.disabled_at} />`],
          [t('webhook.health.circuit'), isActive && html`<${Status} value=${health.circuit} />`],
          [t('webhook.health.openSince'), health.open_since && html`<${Time} at=${health.open_since} />`],
          [t('webhook.health.nextProbe'), health.next_probe_at && html`<${NextProbe} at=${health.next_probe_at} />`],
          [t('webhook.health.failingSince'), health.failing_since && html`
            <${Time} at=${health.failing_since} /> <span class="muted">${t('webhook.health.failures', { count: health.consecutive_failures })}</span>`],
          [t('webhook.health.disableAt'), isActive && health.disable_at && html`<${Time} at=${health.disable_at} /> <span class="muted">${t('webhook.health.disableHint')}</span>`],
          [t('webhook.health.lastFailure'), (isActive || health.last_failure) && html`<${LastFailure} failure=${health.last_failure} />`],
          [t('webhook.health.lastSuccess'), health.last_success_at && html`<${Time} at=${health.last_success_at} /> <span class="muted">${t('webhook.health.lastSuccessHint')}</span>`],
          [t('webhook.id'), html`<div><${Id} value=${webhook.id} what=${t('webhook.id')} whole /><div class="muted small">${t('webhook.idUse')}</div></div>`],
        ])} />
      </div>
    <//>`;
}

const knownOf = (facts) => facts.filter(([, value]) => value);

/** The countdown to the next probe. */
function NextProbe({ at }) {
  const now = useClock(fastClock);
  return html`<${Time} at=${at} /> <span class="muted">${new Date(at) > now ? relativeTime(at, now) : t('webhook.health.now')}</span>`;
}

/** The type of an error, and its reason if it has one. */
export const typeOf = ({ type, reason }) => (reason ? `${type}: ${reason}` : type);

function LastFailure({ failure }) {
  if (!failure) return html`<span class="muted">${t('webhook.health.noFailure')}</span>`;
  const { error, status_code: code } = failure;
  const what = error ? t('webhook.health.noAnswer', { type: typeOf(error) }) : t('webhook.health.answer', { code });
  return html`<div><${Time} at=${failure.at} /> <span class="muted">${what}</span><div class="anywhere">${failure.meaning}</div></div>`;
}

/** The buttons for the state: one sends waiting deliveries, one replays missed ones. */
function NextSteps({ webhook, state, reload }) {
  const { busy, error, run } = useAction();
  const sendNow = () => run(async () => {
    // Each change resets the health, and so closes the circuit.
    await setStatus(webhook, 'active');
    sayDone(t('webhook.health.tried'));
    reload();
  });
  const since = webhook.health.failing_since ?? webhook.disabled_at;
  const replay = linkTo(`/webhooks/${webhook.id}`, { tab: 'replays', ...(since && rangeUntilNow(since)) });
  const canSend = state === 'open' && can('webhooks:write');
  const canReplay = ['failing', 'failingLong', 'gone'].includes(state) && can('deliveries:write') && can('deliveries:read');
  if (!canSend && !canReplay) return null;
  return html`
    <div class="buttons">
      ${canSend && html`<${Button} busy=${busy} onClick=${sendNow}>${t('webhook.health.tryNow')}<//>`}
      ${canReplay && html`<${ButtonLink} href=${replay}>${t('webhook.health.toReplay')}<//>`}
    </div>
    <${ErrorNote} error=${error} />`;
}
