import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addressTime, apiRange, apiTime, isBackwards, localTime, quickRange, quickRangeOf, rangeUntilNow } from './ranges.js';

const zone = 'Asia/Kolkata';
const now = Date.parse('2026-11-29T19:10:30Z'); // 00:40:30 on 30 November there.

test('times of the address become those of an input', () => {
  assert.equal(localTime('2026-11-29T12:04', zone), '2026-11-29T12:04');
  assert.equal(localTime('2026-11-29 12:04:00', zone), '2026-11-29T12:04');
  assert.equal(localTime('2026-11-29 12:04:09', zone), '2026-11-29T12:04:09');
  assert.equal(localTime('2026-11-29T12:04:00Z', zone), '2026-11-29T17:34');
  assert.equal(localTime('2026-11-29T12:04:00+02:00', zone), '2026-11-29T15:34');
  assert.equal(localTime('yesterday', zone), '');
  assert.equal(localTime(undefined, zone), '');
});

test('plain times go to the API with seconds and instants as they are', () => {
  assert.equal(apiTime('2026-11-29T12:04'), '2026-11-29 12:04:00');
  assert.equal(apiTime('2026-11-29T12:04:09'), '2026-11-29 12:04:09');
  assert.equal(apiTime('2026-11-29T12:04:00Z'), '2026-11-29T12:04:00Z');
  assert.equal(apiTime('12:04'), undefined);
  assert.deepEqual(apiRange({ from: '2026-11-29T00:00' }), { from: '2026-11-29 00:00:00', to: undefined });
});

test('quick ranges follow the calendar of the zone', () => {
  assert.deepEqual(quickRange('hour', zone, now), { from: '2026-11-29T18:10:00Z', to: '' });
  assert.deepEqual(quickRange('today', zone, now), { from: '2026-11-30T00:00', to: '' });
  assert.deepEqual(quickRange('yesterday', zone, now), { from: '2026-11-29T00:00', to: '2026-11-30T00:00' });
  assert.deepEqual(quickRange('week', zone, now), { from: '2026-11-22T19:10:00Z', to: '' });
  assert.deepEqual(quickRange('yesterday', 'UTC', Date.parse('2026-03-01T05:00:00Z')), { from: '2026-02-28T00:00', to: '2026-03-01T00:00' });
});

test('a quick range is recognized', () => {
  assert.equal(quickRangeOf(quickRange('yesterday', zone, now), zone, now), 'yesterday');
  assert.equal(quickRangeOf({ from: '2026-11-30T00:00' }, zone, now), 'today');
  assert.equal(quickRangeOf({}, zone, now), null);
});

test('a range that ends before it begins is backwards', () => {
  assert.equal(isBackwards({ from: '2026-11-29T12:00', to: '2026-11-29T11:00' }), true);
  assert.equal(isBackwards({ from: '2026-11-29T12:00', to: '2026-11-29T12:01' }), false);
  assert.equal(isBackwards({ from: '2026-11-29T12:00+05:30', to: '2026-11-29T06:00Z' }), true);
  assert.equal(isBackwards({ from: '2026-11-29T12:00' }), false);
});

test('instants stay apart in the hour that a clock has twice', () => {
  const [first, second] = ['2026-10-25T00:10:00Z', '2026-10-25T01:10:00Z'];
  assert.deepEqual([first, second].map((at) => localTime(at, 'Europe/Berlin')), ['2026-10-25T02:10', '2026-10-25T02:10']);
  assert.deepEqual(apiRange({ from: first, to: second }), { from: first, to: second });
  assert.equal(isBackwards({ from: first, to: second }), false);
  assert.deepEqual(quickRange('hour', 'Europe/Berlin', Date.parse(second)), { from: first, to: '' });
  assert.equal(quickRangeOf({ from: first }, 'Europe/Berlin', Date.parse(second) + 30_000), 'hour');
  assert.deepEqual(rangeUntilNow(first, Date.parse(second)), { from: first, to: '2026-10-25T01:10:01Z' });
  assert.deepEqual(rangeUntilNow(Date.parse(first), Date.parse(second)).from, first);
  assert.equal(addressTime(Date.parse('2026-10-25T00:10:00.5Z')), '2026-10-25T00:10:00.500Z');
});
