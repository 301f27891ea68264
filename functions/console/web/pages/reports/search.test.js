import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chosen, digitsOf, foldedCount, lastDigitsOf, lengthOf, mistakeOf, paramsOf, reachesBeyond, statusOf } from './search.js';

test('the digits of a number count, not its spelling', () => {
  assert.equal(digitsOf('+91 (80682)-80.000'), '918068280000');
  assert.equal(digitsOf('0091 80682 80000'), '00918068280000');
});

test('a number that the API would refuse is a mistake', () => {
  assert.equal(mistakeOf({ number: '0001' }), null, 'the last four digits may begin with zeros');
  assert.equal(mistakeOf({ number: '123' })[1], 'reports.numberShort');
  assert.equal(mistakeOf({ number: '12a45' })[1], 'reports.numberWrong');
  assert.equal(mistakeOf({ number: '1'.repeat(21) })[1], 'reports.numberWrong');
  assert.equal(mistakeOf({ number: '+91 8068' }), null);
  assert.equal(mistakeOf({ number: `00${'1'.repeat(20)}` }), null);
  assert.deepEqual(mistakeOf({ from: '2026-11-29T12:00', to: '2026-11-29T11:00' }), ['to', 'reports.backwards']);
});

test('the address becomes parameters', () => {
  assert.deepEqual(JSON.parse(JSON.stringify(paramsOf({ number: '+91 80682', from: '2026-11-29T12:00', mid: 'a', x: '1' }))),
    { number: '+91 80682', from: '2026-11-29 12:00:00', mid: 'a' });
  assert.equal(paramsOf({ number: '+91\u00a080682' }).number, '+91 80682', 'a number that was copied from a page may have spaces of its own');
  assert.deepEqual(chosen({ to: '2026-11-29T12:00', number: '8068', tab: 'x', mid: '' }), [['number', '8068'], ['to', '2026-11-29T12:00']]);
});

test('an unwanted report has a status of its own', () => {
  assert.equal(statusOf({ status: 'skipped', reason: 'no_webhook' }), 'no_webhook');
  assert.equal(statusOf({ status: 'skipped' }), 'skipped');
});

test('a call is as long as its times say', () => {
  assert.equal(lengthOf({ start_at: '2026-11-28 18:31:39', end_at: '2026-11-28 18:31:55' }), 16_000);
  assert.equal(lengthOf({ start_at: '2026-11-28T18:31:39+05:30', end_at: '2026-11-28T13:01:40Z' }), 1_000);
  assert.equal(lengthOf({ start_at: '0000-00-00 00:00:00', end_at: '2026-11-28 18:31:55' }), undefined);
  assert.equal(lengthOf({ start_at: null, end_at: null }), undefined);
  assert.equal(lengthOf({ start_at: '2026-11-28 18:31:55', end_at: '2026-11-28 18:31:39' }), undefined);
});

test('a range may begin before the log', () => {
  const now = Date.parse('2026-11-29T00:00:00Z');
  assert.equal(reachesBeyond('2026-10-01T00:00', 30, 'UTC', now), true);
  assert.equal(reachesBeyond('2026-11-20T00:00', 30, 'UTC', now), false);
  assert.equal(reachesBeyond(undefined, 30, 'UTC', now), false);
});

test('a longer number can be searched by its last four digits', () => {
  assert.equal(lastDigitsOf('+91 98765 43210'), '3210');
  assert.equal(lastDigitsOf('3210'), undefined);
  assert.equal(lastDigitsOf(undefined), undefined);
});

test('filters that are folded away are counted', () => {
  const fields = [{ name: 'number' }, { name: 'from' }, { name: 'to' }];
  assert.equal(foldedCount(fields, { number: '1', from: 'x', to: '' }), 1);
});
