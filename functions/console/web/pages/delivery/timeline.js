// The timeline of a delivery: what happened, in order, and the waits between.

/** Jitter: waits vary by 20 % around those of the schedule. */
const SPREAD = 1.2;

/** The excess over the scheduled wait below which no reason is shown. */
const SLACK_MS = 30_000;

/** The cap of `Retry-After`, unless twice the scheduled wait is longer. */
const RETRY_AFTER_MS = 3_600_000;

/** The number of last attempts that the API shows. */
export const MOST_ATTEMPTS = 40;

const at = (time) => Date.parse(time);
const iso = (milliseconds) => new Date(milliseconds).toISOString();

/** The time when the request of an attempt was sent. */
export const beginOf = (attempt) => attempt.sent_at ?? iso(at(attempt.at) - attempt.latency_ms);

/** The time when the outcome of an attempt was known. */
export const endOf = (attempt) => attempt.ended_at ?? attempt.at;

const isTurnOf = (attempt, before) => before?.trigger === 'automatic' && attempt.trigger === 'automatic' && attempt.number === before.number + 1;

/** Milliseconds of the receiver's `Retry-After`, which counts only with a 429 or 503. */
export function retryAfterOf(attempt) {
  const asked = attempt.response_headers?.['retry-after'];
  if (!asked || ![429, 503].includes(attempt.status_code)) return undefined;
  const milliseconds = /^\d+$/.test(asked.trim()) ? Number(asked) * 1000 : at(asked) - at(endOf(attempt));
  return milliseconds > 0 ? milliseconds : undefined;
}

/** The scheduled wait after an automatic attempt, in milliseconds; `undefined` if the webhook has changed since. */
function scheduledAfter(attempt, webhook) {
  const isSame = webhook?.updated_at && at(webhook.updated_at) <= at(beginOf(attempt));
  const seconds = isSame ? webhook.retry?.schedule?.[attempt.number - 1] : undefined;
  return seconds === undefined ? undefined : seconds * 1000;
}

/** The reason why the wait between two attempts was longer than scheduled, as far as the log shows it. */
function reasonOf(before, length, webhook) {
  const scheduled = scheduledAfter(before, webhook);
  const asked = retryAfterOf(before);
  const heeded = asked === undefined || scheduled === undefined ? asked : Math.min(asked, Math.max(2 * scheduled, RETRY_AFTER_MS));
  const isHeeded = heeded !== undefined && heeded > (scheduled ?? 0) && length >= heeded * 0.95;
  if (isHeeded && length <= heeded * SPREAD + SLACK_MS) return { kind: 'retryAfter', milliseconds: asked };
  const due = isHeeded ? heeded : scheduled;
  if (scheduled === undefined || length <= due * 2 || length <= due * SPREAD + SLACK_MS) return null;
  return { kind: 'deferred', milliseconds: due };
}

/** Whether the receiver accepted an attempt. Only deliveries with the status `delivered` have an accepted attempt. */
export function isAccepted(attempt, delivery, webhook) {
  if (delivery.status !== 'delivered' || attempt.status_code === undefined) return false;
  const codes = webhook?.success_codes ?? [200, 202];
  const accepted = delivery.attempts.filter(({ status_code: code }) => codes.includes(code));
  if (accepted.length) return accepted.includes(attempt);
  // The success codes have changed since: take the last response that may have been a success.
  return attempt === delivery.attempts.findLast(({ status_code: code }) => code >= 200 && code < 400);
}

/**
 * The time when a waiting delivery was last deferred: it changed after its last attempt. The log has only the last such
 * time.
 */
export function deferredAt({ status, attempts, updated_at: updatedAt, received_at: receivedAt }) {
  if (status !== 'retrying' && status !== 'pending') return undefined;
  const last = attempts.at(-1)?.at ?? receivedAt;
  return at(updatedAt) - at(last) > 100 ? updatedAt : undefined;
}

/**
 * The items from the oldest to the latest: `received`, `earlier` (attempts that the log does not show), `attempt` (with
 * `isAccepted` and `share`, the latency as a part of the longest), `wait` (with `milliseconds` and perhaps a `reason`), `next`
 * (with `at`, `deferredAt`), `end`.
 */
export function timelineOf(delivery, webhook) {
  const { attempts, status } = delivery;
  const longest = Math.max(1, ...attempts.map(({ latency_ms: latency }) => latency));
  const items = [{ kind: 'received', at: delivery.received_at }];
  const hasEarlier = attempts.length >= MOST_ATTEMPTS;
  if (hasEarlier) items.push({ kind: 'earlier' });
  attempts.forEach((attempt, index) => {
    const before = attempts[index - 1];
    const since = before ? endOf(before) : hasEarlier ? undefined : delivery.received_at;
    const length = since ? at(beginOf(attempt)) - at(since) : 0;
    if (length > 0) items.push({ kind: 'wait', milliseconds: length, reason: isTurnOf(attempt, before) ? reasonOf(before, length, webhook) : null });
    items.push({ kind: 'attempt', attempt, isAccepted: isAccepted(attempt, delivery, webhook), share: attempt.latency_ms / longest });
  });
  if (status === 'retrying' || status === 'pending') items.push({ kind: 'next', at: delivery.next_attempt_at, deferredAt: deferredAt(delivery) });
  else if (status !== 'delivered') items.push({ kind: 'end', status, at: delivery.updated_at });
  return items;
}
