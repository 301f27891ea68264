import assert from 'node:assert/strict';
import { test } from 'node:test';
import { maskBody, maskJson, maskOf, maskText, numbersOf } from './masking.js';

const report = { bridge: '+91 80682-80000', from: 918919520000, to: '00918867130000', source: 'OBD', note: 'call 918919520000 back' };

test('the numbers of a report are its digits', () => {
  assert.deepEqual(numbersOf(report), ['918068280000', '918919520000', '918867130000']);
  assert.deepEqual(numbersOf({ from: '1234' }), [], 'a short one would hide other numbers');
  assert.deepEqual(numbersOf(undefined), []);
});

test('a number is masked however it is spelled', () => {
  const numbers = numbersOf(report);
  assert.equal(maskText('http://h/?to=%2B918867130000&x=1', numbers), 'http://h/?to=•••• 0000&x=1');
  assert.equal(maskText('+91 8867 130000, then 00918867130000.', numbers), '•••• 0000, then •••• 0000.');
  assert.equal(maskText('id 17', numbers), 'id 17');
});

test('members with numbers are masked at every level', () => {
  const shown = maskJson({ ...report, legs: [{ to: 'agent-17' }], empty: null }, numbersOf(report));
  assert.deepEqual(shown, {
    bridge: '•••• 0000', from: '•••• 0000', to: '•••• 0000', source: 'OBD', note: 'call •••• 0000 back', legs: [{ to: '•••• t-17' }], empty: null,
  });
});

test('a body stays JSON', () => {
  const body = '{"from":918919520000,"to":"00918867130000","list":[918919520000, 1]}';
  assert.equal(maskBody(body, numbersOf(report)), '{"from":"•••• 0000","to":"•••• 0000","list":["•••• 0000", 1]}');
  assert.equal(maskBody('tel:918919520000', numbersOf(report)), 'tel:•••• 0000');
});

test('other numbers stay numbers', () => {
  assert.deepEqual(maskJson({ duration: 12, flow_id: '123' }, numbersOf(report)), { duration: 12, flow_id: '123' });
});

test('shown numbers stay as they are', () => {
  assert.equal(maskOf(report, true).json(report), report);
  assert.deepEqual(maskOf({ to: '1234567' }, false).json({ to: '123' }), { to: '•••• 123' });
  assert.equal(maskOf(report, false).text('to=918867130000'), 'to=•••• 0000');
});
