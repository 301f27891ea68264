import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lastHours, percentile, shareText, sumsOf } from './figures_sums.js';

const hour = (delivered, failed, buckets) => ({
  delivered, failed, skipped: 1, attempts: delivered + failed, failed_attempts: failed, latency_ms: { buckets, p50: null, p95: null },
});

test('hours add up', () => {
  const sums = sumsOf([hour(3, 1, [{ le: 50, count: 4 }, { le: null, count: 0 }]), hour(0, 0, [])]);
  assert.deepEqual(sums, { delivered: 3, failed: 1, skipped: 2, attempts: 4, failed_attempts: 1, success_rate: 0.75, p50: 25, p95: 48 });
});

test('nothing has no share and no latency', () => {
  const { success_rate, p50, p95 } = sumsOf([]);
  assert.deepEqual([success_rate, p50, p95], [null, null, null]);
});

test('a percentile never passes the last limit', () => {
  assert.equal(percentile([{ le: 50, count: 0 }, { le: 30_000, count: 0 }, { le: null, count: 5 }], 0.5), 30_000);
});

test('a percentile is spread over its bucket', () => {
  const buckets = [{ le: 50, count: 97 }, { le: 100, count: 20 }, { le: 250, count: 14 }];
  assert.equal(percentile(buckets, 0.5), 34);
});

test('the last hours are the newest', () => assert.deepEqual(lastHours([1, 2, 3], 2), [2, 3]));

test('a share is rounded down', () => {
  assert.equal(shareText(0.99999), '99.99 %');
  assert.equal(shareText(1), '100 %');
  assert.equal(shareText(0.29), '29 %');
  assert.equal(shareText(null), null);
});
