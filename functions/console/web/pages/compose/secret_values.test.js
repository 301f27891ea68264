import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formOf } from './form.js';
import { changeText, createText, previewText } from './requests.js';
import { missingSecrets, typedSince, valueIn } from './secret_values.js';

test('a name that objects inherit is a secret like any other', () => {
  for (const name of ['constructor', 'toString', 'hasOwnProperty', '__proto__']) {
    const form = formOf(`{"name": "CRM", "url": "https://a.example/%${name}%"}`);
    const saved = { form, secrets: {}, bearer: undefined };
    const given = (text) => JSON.stringify(JSON.parse(text).secrets);
    const typed = { ['a']: '', [name]: 'hush' };
    assert.equal(valueIn({}, name), undefined, name);
    assert.deepEqual(missingSecrets({ used: [name], typed: {}, known: [], again: [], removed: [] }), [name]);
    assert.deepEqual(missingSecrets({ used: [name], typed, known: [], again: [], removed: [] }), []);
    assert.equal(given(createText({ form, used: [name], typed })), `{"${name}":"hush"}`);
    assert.equal(changeText({ form, saved, used: [name], typed: {}, removed: [] }), '{}', name);
    assert.match(previewText({ form, saved, id: 'w', used: [name], report: { sample: 'OBD' } }), new RegExp(`"secrets":\\{"${name}":"value"\\}`));
    assert.deepEqual(Object.keys(typedSince({ typed, removed: [], bearer: undefined }, { typed: { a: '' }, removed: [] }).typed), [name]);
  }
});

test('secrets that are typed during a save stay', () => {
  const sent = { typed: { token: 'a', key: 'b' }, removed: ['old'], bearer: 'x' };
  assert.deepEqual(typedSince(sent, sent), { typed: {}, removed: [], bearer: undefined });
  const now = { typed: { token: 'a2', key: 'b', more: 'c' }, removed: ['old', 'older'], bearer: null };
  assert.deepEqual(typedSince(now, sent), { typed: { token: 'a2', more: 'c' }, removed: ['older'], bearer: null });
});
