import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bodyOf, changedSettings, codesOf, emptyForm, formOf, formSince, inFormat, isTouched, rawOf, row, rowsFrom, settingsOf } from './form.js';

const webhook = `{"id": "1", "name": "CRM", "method": "PUT", "url": "https://a.example/{{id}}", "headers": {"2": "b", "1": "a"},
  "body": {"format": "json", "template": {"2": 12345678901234567890, "1": "{{to}}"}}, "success_codes": [200, 202], "secrets": {}}`;

test('a webhook becomes a form and its settings again', () => {
  const form = formOf(webhook);
  assert.equal(form.name, 'CRM');
  assert.deepEqual(form.headers.map(({ name }) => name), ['2', '1']);
  assert.equal(form.body.json, '{\n  "2": 12345678901234567890,\n  "1": "{{to}}"\n}');
  const settings = Object.fromEntries(settingsOf(form));
  assert.equal(settings.headers, '{"2":"b","1":"a"}');
  assert.match(settings.body, /12345678901234567890/);
  assert.equal(settings.success_codes, 'null');
});

test('only what changed is sent', () => {
  const saved = formOf(webhook);
  assert.deepEqual(changedSettings(saved, saved), []);
  const spaced = { ...saved, body: { ...saved.body, json: '{"2":12345678901234567890,"1":"{{to}}"}' } };
  assert.deepEqual(changedSettings(spaced, saved), []);
  assert.deepEqual(changedSettings({ ...saved, headers: [], method: 'GET' }, saved).map(([name, text]) => [name, text]), [['method', '"GET"'], ['headers', 'null'], ['body', 'null']]);
  assert.ok(!isTouched({ ...saved, name: 'x' }, saved));
  assert.ok(isTouched({ ...saved, url: 'x' }, saved));
});

test('an empty row and a body of get do not count', () => {
  const form = { ...emptyForm(), method: 'GET', headers: [row(), row('A', '')], body: bodyOf({ format: 'json', json: '{' }) };
  const settings = Object.fromEntries(settingsOf(form));
  assert.equal(settings.headers, '{"A":""}');
  assert.equal(settings.body, 'null');
});

test('success codes are 200 to 399', () => {
  assert.deepEqual(codesOf('200, 302 399'), [200, 302, 399]);
  for (const wrong of ['', '199', '400', 'a', '20']) assert.equal(codesOf(wrong), null, wrong);
});

test('rows and raw view are the same body', () => {
  const rows = [row('a', '{{to}}'), row('b', 'x"y')];
  assert.deepEqual(rowsFrom(rawOf(rows)).map(({ name, value }) => [name, value]), [['a', '{{to}}'], ['b', 'x"y']]);
  assert.equal(rowsFrom('{"a": {}}'), null);
});

test('changing the format keeps the typed values', () => {
  const json = bodyOf({ format: 'json', json: '{"a": "{{to}}"}' });
  const form = inFormat(json, 'form');
  assert.deepEqual(form.rows.map(({ name, value }) => [name, value]), [['a', '{{to}}']]);
  assert.equal(inFormat(form, 'json').json, '{"a": "{{to}}"}');
  const rows = bodyOf({ format: 'form', rows: [row('b', 'c')] });
  assert.equal(inFormat(rows, 'json').json, '{\n  "b": "c"\n}');
  assert.equal(inFormat(rows, 'multipart').rows.length, 1);
});

test('an empty body begins with the documented fields', () => {
  const json = inFormat(bodyOf(), 'json');
  assert.match(json.json, /^\{\n {2}"bridge": "\{\{bridge\}\}",\n {2}"from": "\{\{from\}\}",/);
  assert.deepEqual(inFormat(bodyOf(), 'form').rows.at(-1).value, '{{webhook_id}}');
  assert.equal(inFormat(inFormat(json, 'form'), 'json').json, json.json);
  assert.equal(inFormat(inFormat(json, 'default'), 'json').json, json.json);
});

test('a body that is no json yet is no empty one', () => {
  const begun = bodyOf({ format: 'json', json: '{"a": ' });
  assert.equal(inFormat(inFormat(begun, 'form'), 'json').json, begun.json);
  assert.equal(inFormat(inFormat(begun, 'default'), 'json').json, begun.json);
});

test('the form of a nested template is its raw view', () => {
  assert.ok(formOf('{"name": "x", "body": {"format": "form", "template": {"a": []}}}').body.isRaw);
});

test('changes that are typed during a save stay, the rest is as saved', () => {
  const sent = { ...emptyForm(), name: 'CRM', url: 'https://a.example', headers: [row('A', 'b')], codes: '200 202' };
  const saved = formOf('{"name": "CRM", "method": "PUT", "url": "https://a.example", "headers": {"A": "b"}}');
  const now = { ...sent, url: 'https://a.example/x' };
  const next = formSince(now, sent, saved);
  assert.equal(next.url, 'https://a.example/x');
  assert.equal(next.method, 'PUT');
  assert.equal(next.headers, sent.headers, 'the rows keep their ids');
  assert.deepEqual(changedSettings(next, saved).map(([name]) => name), ['url']);
  assert.deepEqual(changedSettings(formSince(sent, sent, saved), saved), []);
});
