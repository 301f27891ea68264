import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bucketsOf, fromOf, minutesPastHour, percentileOf, rangeOf, rateOf, sumOf, totalOf } from './figures.js';

const LIMITS = [50, 100, 250, 500, 1000, 2500, 5000, 10000, 30000, null];
const bucketsWith = (counts) => LIMITS.map((le) => ({ le, count: counts[le] ?? 0 }));
const hourOf = (hour, { delivered = 0, failed = 0, skipped = 0, latency = {} } = {}) => {
  const attempts = Object.values(latency).reduce((sum, count) => sum + count, 0);
  return { hour, delivered, failed, skipped, attempts, failed_attempts: failed, latency_ms: { buckets: bucketsWith(latency), p50: null, p95: null } };
};
const hoursFrom = (first, count) => Array.from({ length: count }, (_, index) => hourOf(new Date(Date.parse(first) + index * 3_600_000).toISOString(), { delivered: 1 }));

// The cases of `percentiles_lie_within_their_class` in shared/src/domain/stats/latency.rs.
test('percentiles agree with those of the API', () => {
  assert.equal(percentileOf(bucketsWith({}), 0.5), null);
  assert.equal(percentileOf(bucketsWith({ 50: 1 }), 0.5), 50);
  assert.deepEqual([0.5, 0.95].map((share) => percentileOf(bucketsWith({ 100: 100 }), share)), [75, 98]);
  assert.equal(percentileOf(bucketsWith({ 50: 1, null: 2 }), 0.95), 30_000);
  assert.deepEqual([0.5, 0.95].map((share) => percentileOf(bucketsWith({ 50: 90, 1000: 10 }), share)), [28, 750]);
});

test('a sum adds the buckets of latency before it estimates percentiles', () => {
  const sum = sumOf([hourOf('2026-11-22T00:00:00Z', { delivered: 90, latency: { 50: 90 } }), hourOf('2026-11-22T01:00:00Z', { failed: 10, latency: { 1000: 10 } })]);
  assert.deepEqual(sum, { delivered: 90, failed: 10, skipped: 0, attempts: 100, failedAttempts: 10, successRate: 0.9, p50: 28, p95: 750 });
});

test('a success rate is rounded down and null without deliveries', () => {
  assert.equal(rateOf({ delivered: 2840, failed: 3 }), 0.9989);
  assert.equal(rateOf({ delivered: 99_999, failed: 1 }), 0.9999);
  assert.equal(rateOf({ delivered: 0, failed: 0 }), null);
});

test('24 hours are the current hour and the 23 before it', () => {
  const now = Date.parse('2026-11-29T15:40:00Z');
  assert.equal(fromOf('24h', now), '2026-11-28T16:00:00.000Z');
  assert.equal(bucketsOf(hoursFrom('2026-11-28T16:00:00Z', 24), '24h', 'UTC').length, 24);
});

test('days are those of the zone, and hours before the first day are left out', () => {
  const now = Date.parse('2026-11-29T15:40:00Z');
  const hours = hoursFrom(fromOf('7d', now), 7 * 24 + 2);
  const days = bucketsOf(hours, '7d', 'America/New_York');
  assert.deepEqual(days.map(({ delivered }) => delivered), [24, 24, 24, 24, 24, 24, 11]);
  assert.equal(new Date(days[0].at).toISOString(), '2026-11-23T05:00:00.000Z');
  assert.equal(totalOf(hours, '7d', 'America/New_York').delivered, 24 * 6 + 11);
});

test('the day of a change of the clock has 25 hours, and the range still begins at its first', () => {
  const now = Date.parse('2026-11-01T04:30:00Z') + 29 * 86_400_000;
  const from = fromOf('30d', now);
  const hours = hoursFrom(from, (now - Date.parse(from)) / 3_600_000 + 1);
  const days = bucketsOf(hours, '30d', 'America/New_York');
  assert.equal(days.length, 30);
  assert.equal(days.find(({ at }) => new Date(at).toISOString().startsWith('2026-11-01'))?.delivered, 25);
  assert.ok(now - Date.parse(from) <= 31 * 86_400_000);
});

test('in a zone of half hours a day has the hours that begin in it', () => {
  const days = bucketsOf(hoursFrom('2026-11-27T18:00:00Z', 26), '7d', 'Asia/Kolkata');
  assert.deepEqual(days.map(({ delivered }) => delivered), [1, 24, 1]);
  assert.equal(minutesPastHour('Asia/Kolkata'), 30);
  assert.equal(minutesPastHour('America/New_York'), 0);
});

test('an unknown range is 24 hours', () => {
  assert.deepEqual(['7d', undefined, '1y', 'toString'].map(rangeOf), ['7d', '24h', '24h', '24h']);
});
