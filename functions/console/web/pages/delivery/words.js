// Texts about an undelivered delivery: its wait, the reason, and advice.
import { t } from '../../texts/index.js';
import { openUntil, waitOf } from '../../lib/waiting.js';
import { adviceOf, meaningOf } from './advice.js';
import { outcomeOf } from './outcome.js';

/** Reasons of a skip whose texts name the webhook. */
const SKIPS = { webhook_inactive: 'delivery.skips.webhook_inactive', webhook_disabled: 'delivery.skips.webhook_disabled' };

/** The status code of the last attempt, if it counts as a failure only because of the webhook's success codes. */
function refusedCodeOf({ attempts, status }, webhook) {
  const code = attempts.at(-1)?.status_code;
  const isRefused = status !== 'skipped' && code >= 200 && code < 300 && !webhook?.success_codes?.includes(code);
  return isRefused ? code : undefined;
}

function reasonOf(delivery, webhook, name) {
  if (delivery.status === 'skipped' && SKIPS[delivery.reason]) return t(SKIPS[delivery.reason], { name });
  const code = refusedCodeOf(delivery, webhook);
  if (code !== undefined && webhook?.success_codes) return t('delivery.notSuccess', { code, codes: webhook.success_codes.join(', ') });
  if (code !== undefined) return t('delivery.notSuccessUnknown', { code });
  const last = delivery.attempts.at(-1);
  if (!last) return meaningOf(delivery, webhook);
  const answered = last.status_code === undefined ? t('delivery.answered', { outcome: outcomeOf(last) }) : t('delivery.answeredCode', { code: last.status_code });
  return meaningOf(delivery, webhook) ?? answered;
}

function stepTextOf(step, delivery, webhook) {
  const isActive = webhook?.status === 'active';
  if (SKIPS[step] && isActive) return t('delivery.steps.activeAgain');
  const code = refusedCodeOf(delivery, webhook);
  if (code !== undefined) return t('delivery.steps.success', { code, good: webhook?.success_codes?.[0] ?? 200 });
  return t(`delivery.steps.${step}`);
}

/**
 * The texts for an undelivered delivery; `null` if there are none. `lead` says how long an open circuit delays it, `reason`
 * explains its status, `step` says what to do, `then` what happens next; `place` is where the reader carries out the step.
 * `timeOf` formats an instant.
 */
export function wordsOf(delivery, { webhook, name, isDeleted, now, timeOf }) {
  const advice = adviceOf(delivery);
  const wait = waitOf(delivery.status, delivery.next_attempt_at, webhook?.health, now);
  const until = wait && openUntil(delivery.next_attempt_at, webhook?.health, now);
  const isAnswered = webhook?.health?.last_failure?.status_code !== undefined;
  const lead = until ? t(isAnswered ? 'delivery.refusesUntil' : 'delivery.silentUntil', { name, time: timeOf(until) }) : undefined;
  if (!advice) return lead ? { lead, place: 'webhook' } : null;
  const canBeResent = delivery.status === 'failed' && advice.step !== 'gone';
  let then;
  if (wait?.kind === 'next' && !lead) then = t('delivery.triesAgainAt', { time: timeOf(wait.at) });
  else if (wait && !lead) then = t(wait.kind === 'due' ? 'delivery.nextSoonSentence' : 'delivery.waitsForProbe');
  else if (canBeResent && !isDeleted) then = t('delivery.thenResend');
  return {
    lead,
    reason: reasonOf(delivery, webhook, name),
    step: isDeleted ? t('delivery.steps.webhook_deleted') : stepTextOf(advice.step, delivery, webhook),
    then,
    place: isDeleted ? null : advice.place,
  };
}
