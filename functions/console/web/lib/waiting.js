// The reason why a pending delivery waits.

/**
 * The wait of a delivery or report, `null` if it does not wait. By `kind`: `next` waits until `at`; `open` waits for the
 * probe of an open circuit, due at `at` if known; `half_open` waits for the probe in flight; `due` is sent now.
 * `health` is that of the webhook, `undefined` if the key may not read it.
 */
export function waitOf(status, next, health, now) {
  if (!next || (status !== 'retrying' && status !== 'pending')) return null;
  const isPassed = (at) => !at || Date.parse(at) <= now;
  if (!isPassed(next)) return { kind: 'next', at: next };
  if (health?.circuit === 'open') return { kind: 'open', at: isPassed(health.next_probe_at) ? undefined : health.next_probe_at };
  return { kind: health?.circuit === 'half_open' ? 'half_open' : 'due' };
}

/** The time until which a delivery waits for an open circuit: the later of its next attempt and the probe; `undefined` if both have passed. */
export function openUntil(next, health, now) {
  if (health?.circuit !== 'open') return undefined;
  return [next, health.next_probe_at].filter((at) => at && Date.parse(at) > now).sort((a, b) => Date.parse(a) - Date.parse(b)).at(-1);
}
