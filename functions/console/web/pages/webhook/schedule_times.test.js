import assert from 'node:assert/strict';
import { test } from 'node:test';
import { attemptsOf, marksOf, positionOf, PRESETS, presetOf, secondsOf, waitOf } from './schedule_times.js';

test('a wait is shown in the largest unit that divides it', () => {
  assert.deepEqual(waitOf(5), { value: '5', unit: 's' });
  assert.deepEqual(waitOf(300), { value: '5', unit: 'min' });
  assert.deepEqual(waitOf(50_400), { value: '14', unit: 'h' });
  assert.deepEqual(waitOf(86_400), { value: '1', unit: 'd' });
  assert.deepEqual(waitOf(90), { value: '90', unit: 's' });
});

test('a wait reads back as the seconds it was made from', () => {
  for (const seconds of [1, 59, 60, 61, 3_600, 5_400, 86_400, 604_800]) assert.equal(secondsOf(waitOf(seconds)), seconds);
});

test('a fraction counts if it is whole seconds', () => {
  assert.equal(secondsOf({ value: '1.5', unit: 'h' }), 5_400);
  assert.equal(secondsOf({ value: '0.1', unit: 'min' }), 6);
  assert.equal(secondsOf({ value: '0.5', unit: 's' }), null);
});

test('a wait that is no whole number of seconds is refused', () => {
  for (const value of ['', ' ', '-1', '0', '1e3', 'x', '1,5']) assert.equal(secondsOf({ value, unit: 's' }), null);
});

test('attempts follow the waits', () => {
  assert.deepEqual(attemptsOf([]), [0]);
  assert.deepEqual(attemptsOf([5, 300]), [0, 5, 305]);
});

test('a preset is recognized', () => {
  assert.equal(presetOf(PRESETS.standard), 'standard');
  assert.equal(presetOf([]), 'once');
  assert.equal(presetOf([7]), undefined);
});

test('positions run from 0 to 1', () => {
  assert.equal(positionOf(0, 305), 0);
  assert.equal(positionOf(305, 305), 1);
  assert.equal(positionOf(0, 0), 0);
});

test('marks stand apart and before the end', () => {
  const marks = marksOf(272_105);
  assert.ok(marks.length >= 3);
  for (const [index, { at }] of marks.entries()) {
    assert.ok(at < 1);
    if (index) assert.ok(at - marks[index - 1].at >= 0.1);
  }
  assert.deepEqual(marksOf(0), []);
});
