import assert from 'node:assert/strict';
import { test } from 'node:test';
import { emptyForm, formOf, row } from './form.js';
import { changeText, createText, identityOf, lacksIdentity, previewText, secretsAgain, testText } from './requests.js';

const saved = { form: formOf('{"name": "CRM", "url": "https://a.example/x", "headers": {"Authorization": "Bearer %token%"}}'), secrets: { token: {}, old: {} }, bearer: undefined };
const sample = { sample: 'OBD' };

test('the preview of a new webhook has stand-ins for its secrets', () => {
  const form = { ...emptyForm(), name: 'x', url: 'https://a.example/{{id}}' };
  assert.deepEqual(JSON.parse(previewText({ form, saved: null, used: ['k'], report: sample })), { webhook: { method: 'POST', url: 'https://a.example/{{id}}', secrets: { k: 'value' } }, sample: 'OBD' });
});

test('the preview of a saved webhook has its changes', () => {
  const form = { ...saved.form, method: 'PUT', name: '' };
  assert.deepEqual(JSON.parse(previewText({ form, saved, id: 'w', used: ['token'], report: { text: '{"to": 1}' } })), { webhook_id: 'w', webhook: { method: 'PUT' }, report: { to: 1 } });
});

test('another origin asks for every secret again', () => {
  const form = { ...saved.form, url: 'https://b.example/x' };
  assert.deepEqual(secretsAgain(form, saved), { names: ['token', 'old'], bearer: false });
  assert.deepEqual(secretsAgain({ ...form, url: 'https://A.example:443/{{y}}' }, saved).names, []);
  assert.deepEqual(secretsAgain({ ...form, url: 'htt' }, saved).names, []);
  assert.equal(secretsAgain(form, { ...saved, bearer: {} }).bearer, true);
  const { webhook } = JSON.parse(previewText({ form, saved, id: 'w', used: ['token'], removed: ['old'], report: sample }));
  assert.deepEqual(webhook.secrets, { token: 'value', old: null });
});

test('values of secrets go out only when the webhook is saved', () => {
  const typed = { token: 'hush', unused: 'hush' };
  assert.deepEqual(JSON.parse(createText({ form: { ...emptyForm(), name: 'x', url: 'https://a.example' }, used: ['token'], typed })), { name: 'x', method: 'POST', url: 'https://a.example', secrets: { token: 'hush' } });
  assert.deepEqual(JSON.parse(changeText({ form: saved.form, saved, used: ['token'], typed, removed: ['old'], bearer: null })), { secrets: { token: 'hush', old: null }, bearer_secret: null });
  assert.equal(changeText({ form: saved.form, saved, used: [], typed: {}, removed: [] }), '{}');
});

test('settings that go back to their default are null', () => {
  const form = { ...saved.form, headers: [row()] };
  assert.deepEqual(JSON.parse(changeText({ form, saved, used: [], typed: {}, removed: [] })), { headers: null });
});

test('tests and subscriptions', () => {
  assert.equal(testText({ sample: 'C2C' }), '{"sample":"C2C"}');
  assert.equal(testText({ text: '{"to":12345678901234567890}' }), '{"report":{"to":12345678901234567890}}');
  const reports = { which: 'number', number: ' 9180 ', flow: '', source: 'OBD' };
  assert.equal(identityOf(reports), 'number:9180');
  assert.equal(identityOf({ ...reports, which: 'none' }), null);
  assert.ok(!lacksIdentity(reports) && lacksIdentity({ ...reports, which: 'flow' }));
});
