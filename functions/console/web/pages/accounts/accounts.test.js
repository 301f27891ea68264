import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changeOf, formOf, matching, newAccountOf, zones } from './accounts.js';

const acme = { id: 'acme', name: 'Acme', time_zone: 'Asia/Kolkata', retention_days: 30, quotas: { webhooks: 1000, subscriptions: 5000, reports_per_second: 20 } };

test('a new account has the fields that were filled in', () => {
  assert.deepEqual(newAccountOf({ ...formOf(), name: ' Acme ' }), { name: 'Acme' });
  const form = { ...formOf(), id: 'acme', name: 'Acme', retention_days: '90', quotas: { ...formOf().quotas, webhooks: '0' } };
  assert.deepEqual(newAccountOf(form), { id: 'acme', name: 'Acme', retention_days: 90, quotas: { webhooks: 0 } });
});

test('a change names what differs', () => {
  const before = formOf(acme);
  assert.deepEqual(changeOf(before, before), {});
  assert.deepEqual(changeOf(before, { ...before, name: 'Acme Ltd' }), { name: 'Acme Ltd' });
});

test('an emptied field goes back to its default', () => {
  const before = formOf(acme);
  const now = { ...before, retention_days: '', quotas: { ...before.quotas, reports_per_second: '' } };
  assert.deepEqual(changeOf(before, now), { retention_days: null, quotas: { reports_per_second: null } });
});

test('the operational webhook is set and removed', () => {
  const id = '01890a5d-ac96-774b-bcce-b302099a8057';
  const before = formOf(acme);
  assert.deepEqual(changeOf(before, { ...before, operational_webhook_id: id }), { operational_webhook_id: id });
  assert.deepEqual(changeOf(formOf({ ...acme, operational_webhook_id: id }), before), { operational_webhook_id: null });
});

test('accounts are found by name, id and zone in any case, and unreadable ones by id', () => {
  const accounts = [acme, { id: 'broken', unreadable: true }];
  assert.deepEqual(matching(accounts, 'kolKATA'), [acme]);
  assert.deepEqual(matching(accounts, 'brok'), [accounts[1]]);
  assert.equal(matching(accounts).length, 2);
});

test('the zones begin with UTC', () => assert.equal(zones()[0], 'UTC'));
