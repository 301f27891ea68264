import assert from 'node:assert/strict';
import { test } from 'node:test';
import { afterSave, changedElsewhere, changesOf, differences, formOf, merged } from './settings_form.js';

const webhook = {
  name: 'CRM', status: 'active', timeout_seconds: 15, success_codes: [200, 202], retry: { schedule: [5, 300] }, url: 'https://crm.example/hook', method: 'POST', secrets: {},
};

test('a form that was not touched changes nothing', () => {
  for (const one of [webhook, { ...webhook, description: 'x', max_per_second: 5, mask: ['to', 'from'] }]) {
    assert.deepEqual(changesOf(one, formOf(one)), { body: {}, unreadable: [], isDirty: false });
  }
});

test('only changed settings are sent', () => {
  const form = { ...formOf(webhook), name: 'CRM 2', success_codes: '200 302', mask: ['to'] };
  assert.deepEqual(changesOf(webhook, form).body, { name: 'CRM 2', success_codes: [200, 302], mask: ['to'] });
});

test('a setting that is emptied goes back to its default', () => {
  const full = { ...webhook, description: 'x', max_per_second: 5, mask: ['to'] };
  const form = { ...formOf(full), description: ' ', max_per_second: '', mask: [], timeout_seconds: '' };
  assert.deepEqual(changesOf(full, form).body, { description: null, timeout_seconds: null, max_per_second: null, mask: null });
});

test('a setting that cannot be read is named and not sent', () => {
  const form = { ...formOf(webhook), timeout_seconds: 'x', success_codes: '200, ok', retry: [{ value: '', unit: 's' }] };
  const { body, unreadable, isDirty } = changesOf(webhook, form);
  assert.deepEqual(body, {});
  assert.deepEqual(unreadable, ['timeout_seconds', 'success_codes', 'retry']);
  assert.equal(isDirty, true);
});

test('a conflict proposes the changes of the reader, and the saved value of all else', () => {
  const form = { ...formOf(webhook), name: 'Mine' };
  const saved = { ...webhook, name: 'Theirs', timeout_seconds: 20, url: 'https://other.example/' };
  assert.deepEqual(differences(webhook, form, saved), [
    { name: 'name', yours: 'Mine', saved: 'Theirs', choice: 'yours' },
    { name: 'timeout_seconds', yours: 15, saved: 20, choice: 'saved' },
  ]);
  assert.deepEqual(changedElsewhere(webhook, saved), ['url']);
  const form2 = merged(form, saved, ['name']);
  assert.deepEqual(changesOf(saved, form2).body, { name: 'Mine' });
});

test('values that are typed during a save stay, and the rest is as saved', () => {
  const sent = { ...formOf(webhook), name: 'CRM 2', success_codes: '200 302' };
  const typed = { ...sent, name: 'CRM 23', timeout_seconds: '2' };
  const saved = { ...webhook, version: 2, name: 'CRM 2', success_codes: [200, 302] };
  const form = afterSave(typed, sent, saved);
  assert.deepEqual([form.name, form.timeout_seconds, form.success_codes], ['CRM 23', '2', '200, 302']);
  assert.deepEqual(changesOf(saved, form).body, { name: 'CRM 23', timeout_seconds: 2 });
  assert.equal(changesOf(saved, afterSave(sent, sent, saved)).isDirty, false);
});
