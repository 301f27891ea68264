import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bucketTitle, ticksOf } from './chart_labels.js';

const hours = (first, count) => Array.from({ length: count }, (_, index) => Date.parse(first) + index * 3_600_000);

test('a bucket is named on the clock of the zone', () => {
  const at = Date.parse('2026-11-27T08:00:00Z');
  assert.equal(bucketTitle(at, 'hour', 'UTC'), '27 Nov, 08:00–09:00');
  assert.equal(bucketTitle(at, 'hour', 'Asia/Kolkata'), '27 Nov, 13:30–14:30');
  assert.equal(bucketTitle(at, 'day', 'UTC'), 'Fri 27 Nov');
});

test('ticks are as many as there is room for, and midnight shows the day', () => {
  const times = hours('2026-11-26T16:00:00Z', 24);
  assert.deepEqual(ticksOf(times, 'hour', 'UTC', 8).map(([, text]) => text), ['18:00', '21:00', '27 Nov', '03:00', '06:00', '09:00', '12:00', '15:00']);
  assert.equal(ticksOf(times, 'hour', 'UTC', 30).length, 24);
  assert.ok(ticksOf(times, 'hour', 'Asia/Kolkata', 8).some(([, text]) => text === '21:30'));
});

test('the last day has a tick always', () => {
  const days = Array.from({ length: 30 }, (_, index) => Date.parse('2026-11-01T00:00:00Z') + index * 86_400_000);
  assert.equal(ticksOf(days, 'day', 'UTC', 6).at(-1)[1], '30 Nov');
  assert.ok(ticksOf(days, 'day', 'UTC', 6).length <= 6);
});

test('no room leaves few labels or none', () => {
  assert.ok(ticksOf(hours('2026-11-26T16:00:00Z', 24), 'hour', 'UTC', 0).length <= 1);
});
