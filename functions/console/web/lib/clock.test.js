import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clockOf } from './clock.js';

test('all who follow a clock share its timer, which ends with the last of them', (context) => {
  context.mock.timers.enable({ apis: ['setInterval'] });
  let timers = 0;
  const begin = globalThis.setInterval;
  context.mock.method(globalThis, 'setInterval', (...of) => {
    timers += 1;
    return begin(...of);
  });
  const clock = clockOf(1_000);
  const seen = [];
  const ends = ['a', 'b'].map((name) => clock.follow((tick) => seen.push(`${name}${tick}`)));
  context.mock.timers.tick(1_000);
  assert.deepEqual([seen, timers], [['a1', 'b1'], 1]);
  ends[0]();
  context.mock.timers.tick(1_000);
  assert.equal(seen.at(-1), 'b2');
  ends[1]();
  context.mock.timers.tick(5_000);
  assert.equal(seen.length, 3);
  clock.follow(() => seen.push('again'));
  context.mock.timers.tick(1_000);
  assert.deepEqual([seen.at(-1), timers], ['again', 2]);
});
