import assert from 'node:assert/strict';
import { test } from 'node:test';
import { grantable, isExpired, keyBody, linkBody, presetsOf, revokeInSteps, toggled, wordOf } from './keys.js';

test('a key gives no scope that it lacks, and platform to platform keys only', () => {
  assert.deepEqual(grantable(['platform', 'webhooks:read'], false), ['webhooks:read']);
  assert.deepEqual(grantable(['platform', 'webhooks:read'], true), ['webhooks:read', 'platform']);
});

test('presets hold only what may be given, and empty ones are left out', () => {
  assert.deepEqual(presetsOf(['webhooks:read']), [['read', ['webhooks:read']], ['all', ['webhooks:read']]]);
});

test('a scope is added and removed in the order of lists', () => {
  assert.deepEqual(toggled(['reports:write'], 'webhooks:read'), ['webhooks:read', 'reports:write']);
  assert.deepEqual(toggled(['webhooks:read'], 'webhooks:read'), []);
});

test('the body of a key leaves out values that were not chosen', () => {
  const form = { name: ' engine ', scopes: ['reports:write'], days: '', otherDays: '5', webhookId: ' ' };
  assert.deepEqual(keyBody(form), { name: 'engine', scopes: ['reports:write'] });
  assert.equal(keyBody({ ...form, days: 'other' }).expires_in_days, 5);
  assert.equal(keyBody({ ...form, days: '90' }).expires_in_days, 90);
});

test('the body of a link has seconds', () => {
  const form = { name: '', scopes: ['webhooks:read'], seconds: 'other', otherMinutes: '1.5', webhookId: 'w' };
  assert.deepEqual(linkBody(form), { scopes: ['webhooks:read'], expires_in_seconds: 90, webhook_id: 'w' });
  assert.equal(linkBody({ ...form, seconds: '900' }).expires_in_seconds, 900);
});

test('a key without an end has not ended', () => {
  assert.equal(isExpired({}), false);
  assert.equal(isExpired({ expires_at: '2026-01-01T00:00:00Z' }, Date.parse('2026-01-01T00:00:00Z')), true);
});

test('keys are revoked until none is left, with the number so far', async () => {
  const answers = [{ revoked: 100, is_complete: false }, { revoked: 100, is_complete: false }, { revoked: 7, is_complete: true }];
  const seen = [];
  assert.deepEqual(await revokeInSteps(async () => answers.shift(), (count) => seen.push(count)), { revoked: 207, isComplete: true });
  assert.deepEqual(seen, [100, 200]);
});

test('revoking ends after a bounded number of requests, and when it comes no further', async () => {
  let requests = 0;
  const step = (revoked) => async () => {
    requests += 1;
    return { revoked, is_complete: false };
  };
  assert.deepEqual(await revokeInSteps(step(100), () => {}), { revoked: 5_000, isComplete: false });
  assert.deepEqual(await revokeInSteps(step(0), () => {}), { revoked: 0, isComplete: false });
  assert.equal(requests, 51);
});

test('a link offers to read, and to manage webhooks', () => {
  const given = ['webhooks:read', 'webhooks:write', 'deliveries:read', 'deliveries:write', 'reports:write', 'reports:erase'];
  assert.deepEqual(presetsOf(given, true), [['read', ['webhooks:read', 'deliveries:read']], ['manage', given.slice(0, 5)]]);
});

test('scopes have a word if all are there, or those that read', () => {
  const account = ['webhooks:read', 'webhooks:write', 'deliveries:read', 'deliveries:write', 'reports:write', 'reports:erase'];
  assert.deepEqual([wordOf(account, false), wordOf(account, true), wordOf([...account, 'platform'], true)], ['all', null, 'all']);
  assert.deepEqual([wordOf(['webhooks:read', 'deliveries:read'], false), wordOf(['webhooks:read'], false)], ['read', null]);
});
