import assert from 'node:assert/strict';
import { test } from 'node:test';
import { grantable, isExpired, keyBody, linkBody, presetsOf, toggled, webUrl } from './keys.js';

test('a key gives no scope that it lacks, and platform to platform keys only', () => {
  assert.deepEqual(grantable(['platform', 'webhooks:read'], false), ['webhooks:read']);
  assert.deepEqual(grantable(['platform', 'webhooks:read'], true), ['webhooks:read', 'platform']);
});

test('presets hold only what may be given, and empty ones are left out', () => {
  assert.deepEqual(presetsOf(['webhooks:read']), [['read', ['webhooks:read']], ['all', ['webhooks:read']]]);
});

test('a scope is added and taken away in the order of lists', () => {
  assert.deepEqual(toggled(['reports:write'], 'webhooks:read'), ['webhooks:read', 'reports:write']);
  assert.deepEqual(toggled(['webhooks:read'], 'webhooks:read'), []);
});

test('the body of a key leaves out what was not chosen', () => {
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

test('only URLs of the web are opened', () => {
  assert.equal(webUrl('https://api.example.com/console/#key=chk_1'), 'https://api.example.com/console/#key=chk_1');
  assert.equal(webUrl('javascript:alert(1)'), null);
  assert.equal(webUrl('no url'), null);
});
