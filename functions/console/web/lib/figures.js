// Sums and groups the hourly figures of `GET /v1/stats` and `GET /v1/webhooks/{id}/stats` for charts.
import { partsOf } from './times.js';

const HOUR_MS = 3_600_000;

/** The ranges of figures, each with the number and the length of its buckets. */
export const ranges = { '24h': { count: 24, step: 'hour' }, '7d': { count: 7, step: 'day' }, '30d': { count: 30, step: 'day' } };

/** Returns the range with a name from the address, or 24 hours if there is none. */
export const rangeOf = (name) => (Object.hasOwn(ranges, name ?? '') ? name : '24h');

/** The start of a range's figures: early enough for its first day in any zone, within the API's 31 days. */
export function fromOf(range, now = Date.now()) {
  const { count, step } = ranges[range];
  const hour = Math.floor(now / HOUR_MS) * HOUR_MS;
  // The day on which the clock is set back has 25 hours.
  const hours = step === 'hour' ? count - 1 : count * 24 + 1;
  return new Date(hour - hours * HOUR_MS).toISOString();
}

/** Sums hours. Like those of one hour, `p50` and `p95` are estimates from the latency buckets, here from their sums. */
export function sumOf(hours) {
  const sum = { delivered: 0, failed: 0, skipped: 0, attempts: 0, failedAttempts: 0 };
  const counts = new Map();
  for (const hour of hours) {
    sum.delivered += hour.delivered;
    sum.failed += hour.failed;
    sum.skipped += hour.skipped;
    sum.attempts += hour.attempts;
    sum.failedAttempts += hour.failed_attempts;
    for (const { le, count } of hour.latency_ms.buckets) counts.set(le, (counts.get(le) ?? 0) + count);
  }
  const buckets = [...counts].map(([le, count]) => ({ le, count })).sort((a, b) => (a.le ?? Infinity) - (b.le ?? Infinity));
  return { ...sum, successRate: rateOf(sum), p50: percentileOf(buckets, 0.5), p95: percentileOf(buckets, 0.95) };
}

/** The share of delivered among delivered and failed deliveries, 0 to 1, rounded down to four decimals; `null` without any. */
export function rateOf({ delivered, failed }) {
  const ended = delivered + failed;
  return ended ? Math.floor((delivered * 10_000) / ended) / 10_000 : null;
}

/**
 * The latency percentile at `share` in milliseconds, estimated as by the API (`LatencyCounts::percentile`): attempts are assumed to be
 * spread evenly over their bucket. At most the last limit; `null` without attempts.
 */
export function percentileOf(buckets, share) {
  const total = buckets.reduce((sum, { count }) => sum + count, 0);
  if (!total) return null;
  const wanted = Math.max(total * share, 1);
  let before = 0;
  let fastest = 0;
  for (const { le, count } of buckets) {
    if (le === null) break;
    if (count > 0 && before + count >= wanted) return fastest + Math.round(((le - fastest) * (wanted - before)) / count);
    before += count;
    fastest = le;
  }
  return fastest;
}

/**
 * The buckets of a chart, in order: `at` (milliseconds) and the sum of their hours. A day follows the zone and has the hours that begin in it.
 */
export function bucketsOf(hours, range, zone) {
  const { count, step } = ranges[range];
  const groups = new Map();
  for (const hour of hours) {
    const at = Date.parse(hour.hour);
    const key = step === 'hour' ? at : dateOf(at, zone);
    if (!groups.has(key)) groups.set(key, { at, hours: [] });
    groups.get(key).hours.push(hour);
  }
  return [...groups.values()].slice(-count).map(({ at, hours }) => ({ at, ...sumOf(hours) }));
}

function dateOf(at, zone) {
  const { year, month, day } = partsOf(at, zone);
  return `${year}-${month}-${day}`;
}

/** The total for the figures beside a chart, over the same hours as `bucketsOf`. */
export function totalOf(hours, range, zone) {
  const first = bucketsOf(hours, range, zone)[0]?.at ?? 0;
  return sumOf(hours.filter(({ hour }) => Date.parse(hour) >= first));
}

/** The minutes past the hour at which UTC hours begin in a zone: 30 in India, 0 in most zones. */
export const minutesPastHour = (zone, at = Date.now()) => Number(partsOf(Math.floor(at / HOUR_MS) * HOUR_MS, zone).minute);
