import assert from 'node:assert/strict';
import { test } from 'node:test';
import { apiRange, apiTime, isBackwards, localTime, quickRange, quickRangeOf } from './ranges.js';

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
  assert.deepEqual(quickRange('hour', zone, now), { from: '2026-11-29T23:40', to: '' });
  assert.deepEqual(quickRange('today', zone, now), { from: '2026-11-30T00:00', to: '' });
  assert.deepEqual(quickRange('yesterday', zone, now), { from: '2026-11-29T00:00', to: '2026-11-30T00:00' });
  assert.deepEqual(quickRange('week', zone, now), { from: '2026-11-23T00:40', to: '' });
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
