// What a pending delivery waits for.

/**
 * The wait of a delivery or report: `null` if it waits for nothing, else its `kind`. `next` waits until `at`; `open` waits for
 * the probe of an open circuit, at `at` as far as known; `half_open` waits for the probe that is sent now; `due` is sent now.
 * `health` is that of the webhook, `undefined` if the key may not read it.
 */
export function waitOf(status, next, health, now) {
  if (!next || (status !== 'retrying' && status !== 'pending')) return null;
  const isPassed = (at) => !at || Date.parse(at) <= now;
  if (!isPassed(next)) return { kind: 'next', at: next };
  if (health?.circuit === 'open') return { kind: 'open', at: isPassed(health.next_probe_at) ? undefined : health.next_probe_at };
  return { kind: health?.circuit === 'half_open' ? 'half_open' : 'due' };
}

/** Until when a delivery waits while the circuit is open: the later of its turn and the probe; `undefined` if both have passed. */
export function openUntil(next, health, now) {
  if (health?.circuit !== 'open') return undefined;
  return [next, health.next_probe_at].filter((at) => at && Date.parse(at) > now).sort((a, b) => Date.parse(a) - Date.parse(b)).at(-1);
}
