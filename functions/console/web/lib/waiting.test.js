import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openUntil, waitOf } from './waiting.js';

const now = Date.parse('2026-11-29T16:45:00Z');
const [before, soon, later] = ['2026-11-29T15:45:00Z', '2026-11-29T16:49:00Z', '2026-11-29T17:00:00Z'];
const open = { circuit: 'open', next_probe_at: soon };

test('a delivery waits for its turn', () => {
  assert.deepEqual(waitOf('retrying', soon, undefined, now), { kind: 'next', at: soon });
  assert.equal(waitOf('failed', soon, open, now), null);
  assert.equal(waitOf('pending', undefined, open, now), null);
});

test('a delivery whose turn has passed waits for the probe of an open circuit', () => {
  assert.deepEqual(waitOf('retrying', before, open, now), { kind: 'open', at: soon });
  assert.deepEqual(waitOf('retrying', before, { circuit: 'open', next_probe_at: before }, now), { kind: 'open', at: undefined });
  assert.equal(waitOf('pending', before, { circuit: 'half_open' }, now).kind, 'half_open');
});

test('a delivery whose turn has passed is due if the circuit is closed or not known', () => {
  assert.equal(waitOf('retrying', before, { circuit: 'closed' }, now).kind, 'due');
  assert.equal(waitOf('retrying', before, undefined, now).kind, 'due');
});

test('the later of turn and probe ends the wait for an open circuit', () => {
  assert.equal(openUntil(before, open, now), soon);
  assert.equal(openUntil(later, open, now), later);
  assert.equal(openUntil(before, { circuit: 'open' }, now), undefined);
  assert.equal(openUntil(later, { circuit: 'closed' }, now), undefined);
});
