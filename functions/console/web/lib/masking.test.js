import assert from 'node:assert/strict';
import { test } from 'node:test';
import { maskBody, maskJson, masked, maskOf, maskText, numbersOf } from './masking.js';

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
  const shown = maskJson(JSON.stringify({ ...report, legs: [{ to: 'agent-17' }], empty: null }), numbersOf(report));
  assert.deepEqual(JSON.parse(shown), {
    bridge: '•••• 0000', from: '•••• 0000', to: '•••• 0000', source: 'OBD', note: 'call •••• 0000 back', legs: [{ to: '•••• t-17' }], empty: null,
  });
});

test('a body stays JSON', () => {
  const body = '{"from":918919520000,"to":"00918867130000","list":[918919520000, 1]}';
  assert.equal(maskBody(body, numbersOf(report)), '{"from":"•••• 0000","to":"•••• 0000","list":["•••• 0000", 1]}');
  assert.equal(maskBody('{"to":12345,"id":1234567}', []), '{"to":"•••","id":1234567}', 'other numbers of a receiver stay');
  assert.equal(maskBody('tel:918919520000', numbersOf(report)), 'tel:•••• 0000');
});

test('other numbers stay numbers', () => {
  const text = '{"duration":12, "2":"123","1":1764417600.123,"at":"2026-11-29","start_at":"2026-11-29 12:04:31","share":1.0,"ok":true}';
  assert.equal(maskJson(text, numbersOf(report)), text);
  assert.deepEqual(numbersOf(JSON.parse(text)), []);
});

test('shown numbers stay as they are', () => {
  assert.equal(maskOf({ to: '1234567' }, false).jsonText('{"to":"123"}'), '{"to":"•••"}');
  assert.equal(maskOf(report, false).text('to=918867130000'), 'to=•••• 0000');
});

test('variables that look like phone numbers are masked, here and where they stand in other texts', () => {
  const text = '{"variables":{"agent":919812345678,"alt":"+91 (98123) 45679","pin":"1234","list":["9812345"]},"to":123456}';
  const { jsonText, text: maskedText } = maskOf(JSON.parse(text), false);
  assert.equal(jsonText(text), '{"variables":{"agent":"•••• 5678","alt":"•••• 5679","pin":"1234","list":["•••• 2345"]},"to":"•••"}');
  assert.equal(maskedText('http://rec.example/919812345678.mp3'), 'http://rec.example/•••• 5678.mp3');
});

test('a short number shows nothing of itself', () => {
  assert.deepEqual(['1234', '123456', '1234567'].map(masked), ['•••', '•••', '•••• 4567']);
});

test('a number of more digits than JavaScript holds is masked by its own digits', () => {
  assert.equal(maskJson('{"to":91891952000112345678}', []), '{"to":"•••• 5678"}');
});

test('a message id or a call id of digits is no phone number', () => {
  const report = { to: 918867130000, mid: '1234-1333-18', id: '1234567890', flow_id: 12345678, variables: { phone: '98765 43210' } };
  const shown = JSON.parse(maskOf(report, false).jsonText(JSON.stringify(report)));
  assert.deepEqual([shown.mid, shown.id, shown.flow_id], ['1234-1333-18', '1234567890', 12345678]);
  assert.deepEqual([shown.to, shown.variables.phone], ['•••• 0000', '•••• 3210']);
});
