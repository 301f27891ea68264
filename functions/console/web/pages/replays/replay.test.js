import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countOf, isLive, sharesOf, wrongOf } from './replay.js';

test('a range needs both ends in order', () => {
  assert.equal(wrongOf(null, '2026-11-29 12:00:00'), 'from');
  assert.equal(wrongOf('2026-11-29 12:00:00', null), 'to');
  assert.equal(wrongOf('2026-11-29 12:00:00', '2026-11-29 12:00:00'), 'order');
  assert.equal(wrongOf('2026-11-29 12:00:00', '2026-11-29 12:00:01'), null);
  assert.equal(wrongOf('2026-10-25T00:10:00Z', '2026-10-25T01:10:00Z'), null);
  assert.equal(wrongOf('2026-10-25T01:10:00Z', '2026-10-25T00:10:00Z'), 'order');
});

test('first pages are counted', () => {
  assert.deepEqual(countOf([{ data: [1, 2], next_cursor: null }, { data: [3], next_cursor: 'x' }]), { count: 3, isMore: true });
  assert.deepEqual(countOf([{ data: [], next_cursor: null }]), { count: 0, isMore: false });
});

test('shares are there once deliveries are counted', () => {
  assert.equal(sharesOf({ total: null, done: 0, queued: 0, missing: 0 }), null);
  assert.deepEqual(sharesOf({ total: 8, done: 4, queued: 2, missing: 1 }), { done: 0.5, missing: 0.125, queued: 0.25 });
  assert.deepEqual(sharesOf({ total: 0, done: 0, queued: 0, missing: 0 }), { done: 1, missing: 0, queued: 0 });
});

test('a replay is live until it ends', () => {
  assert.equal(isLive({ status: 'counting' }), true);
  assert.equal(isLive({ status: 'expired' }), false);
});
