// The host of a webhook, and why it is failing.

/** The host of a webhook's URL, whose path and query may be templates. */
export function hostOf(url) {
  try {
    return new URL(url).host || url;
  } catch {
    return url;
  }
}

/**
 * Why a webhook is failing, else `null`: `kind` is `gone` or `failing` (deactivated by Callhook), `open`, `half_open`, or `counting`
 * (failures in a row, circuit closed). `rank` orders them, the most severe first. `since`, `meaning`, `nextAt` and `failures` are set if known.
 */
export function failureOf({ status, disabled_reason: reason, disabled_at: disabledAt, health, unreadable }) {
  if (unreadable) return null;
  const meaning = health?.last_failure?.meaning;
  const failures = health?.consecutive_failures ?? 0;
  if (status === 'disabled') return { rank: 0, kind: reason === 'gone' ? 'gone' : 'failing', since: disabledAt, meaning, failures };
  if (status !== 'active' || !health) return null;
  const { circuit, open_since: openSince, failing_since: failingSince, next_probe_at: nextAt } = health;
  if (circuit === 'open') return { rank: 1, kind: 'open', since: openSince ?? failingSince, nextAt, meaning, failures };
  if (circuit === 'half_open') return { rank: 2, kind: 'half_open', since: openSince ?? failingSince, meaning, failures };
  return failures ? { rank: 3, kind: 'counting', since: failingSince, meaning, failures } : null;
}

/** Pairs of failing webhooks and their failures: the most severe first, then the longest. */
export function failingWebhooks(webhooks) {
  const failing = webhooks.map((webhook) => [webhook, failureOf(webhook)]).filter(([, failure]) => failure);
  return failing.sort(([, a], [, b]) => a.rank - b.rank || String(a.since ?? '').localeCompare(String(b.since ?? '')));
}

/** Whether a webhook matches the filter of status, which also accepts `failing`. */
export const hasStatus = (webhook, status) => !status || (status === 'failing' ? failureOf(webhook) !== null : webhook.status === status);
