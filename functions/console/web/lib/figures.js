// Figures hour by hour, as `GET /v1/stats` and `GET /v1/webhooks/{id}/stats` answer them, summed and grouped for charts.
import { partsOf } from './times.js';

const HOUR_MS = 3_600_000;

/** The ranges of figures: how many buckets each has, and of what length. */
export const ranges = { '24h': { count: 24, step: 'hour' }, '7d': { count: 7, step: 'day' }, '30d': { count: 30, step: 'day' } };

/** The range of a name that stands in the address; 24 hours for any other. */
export const rangeOf = (name) => (Object.hasOwn(ranges, name ?? '') ? name : '24h');

/** Where the figures of a range begin: early enough for its first day in any zone, within the API's 31 days. */
export function fromOf(range, now = Date.now()) {
  const { count, step } = ranges[range];
  const hour = Math.floor(now / HOUR_MS) * HOUR_MS;
  // A day of a change of the clock may have 25 hours.
  const hours = step === 'hour' ? count - 1 : count * 24 + 1;
  return new Date(hour - hours * HOUR_MS).toISOString();
}

/** The sum of hours. Its `p50` and `p95` are estimates from the sums of the buckets of latency, as those of an hour are. */
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

/** Delivered of all deliveries that ended delivered or failed, from 0 to 1 with four decimals, rounded down; `null` of none. */
export function rateOf({ delivered, failed }) {
  const ended = delivered + failed;
  return ended ? Math.floor((delivered * 10_000) / ended) / 10_000 : null;
}

/**
 * How many milliseconds the fastest `share` of the attempts took at most, if those of a bucket were spread evenly over it: the API's
 * estimate (`LatencyCounts::percentile`). At most the last limit; `null` without attempts.
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
 * The buckets of a chart, in order: `at` (milliseconds) and the sum of their hours. A day is one of the zone and has the hours that begin in it.
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

/** The sum over buckets' hours, for the figures beside a chart: of the same hours as `bucketsOf`. */
export function totalOf(hours, range, zone) {
  const first = bucketsOf(hours, range, zone)[0]?.at ?? 0;
  return sumOf(hours.filter(({ hour }) => Date.parse(hour) >= first));
}

/** How many minutes past the hour of a zone the hours of UTC begin: 30 in India's, 0 in most. */
export const minutesPastHour = (zone, at = Date.now()) => Number(partsOf(Math.floor(at / HOUR_MS) * HOUR_MS, zone).minute);
