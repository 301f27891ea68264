import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hasStatus, hostOf, failureOf, failingWebhooks } from './webhooks.js';

const healthy = { circuit: 'closed', consecutive_failures: 0 };

test('a host is found beside templates and hidden credentials', () => {
  assert.equal(hostOf('https://•••:•••@crm.example:8443/hook?id={{id}}&to={{to | digits}}'), 'crm.example:8443');
  assert.equal(hostOf('{{x}}'), '{{x}}');
});

test('a webhook that delivers or is paused is not failing', () => {
  assert.equal(failureOf({ status: 'active', health: healthy }), null);
  assert.equal(failureOf({ status: 'inactive', health: { circuit: 'open', consecutive_failures: 12 } }), null);
  assert.equal(failureOf({ status: 'active' }), null);
  assert.equal(failureOf({ id: 'x', unreadable: true }), null);
});

test('failing webhooks come by gravity, then the longest first', () => {
  const webhooks = [
    { id: 'counting', status: 'active', health: { circuit: 'closed', consecutive_failures: 2, failing_since: '2026-11-20T00:00:00Z' } },
    { id: 'later', status: 'active', health: { circuit: 'open', consecutive_failures: 12, open_since: '2026-11-22T00:00:00Z', next_probe_at: '2026-11-22T00:04:00Z' } },
    { id: 'well', status: 'active', health: healthy },
    { id: 'open', status: 'active', health: { circuit: 'open', consecutive_failures: 12, open_since: '2026-11-21T00:00:00Z' } },
    { id: 'gone', status: 'disabled', disabled_reason: 'gone', disabled_at: '2026-11-23T00:00:00Z', health: healthy },
    { id: 'probing', status: 'active', health: { circuit: 'half_open', consecutive_failures: 12 } },
  ];
  const found = failingWebhooks(webhooks);
  assert.deepEqual(found.map(([{ id }]) => id), ['gone', 'open', 'later', 'probing', 'counting']);
  assert.equal(found[0][1].kind, 'gone');
  assert.equal(found[2][1].nextAt, '2026-11-22T00:04:00Z');
});

test('failing is a status of the filter', () => {
  const failing = { status: 'active', health: { circuit: 'closed', consecutive_failures: 1 } };
  assert.ok(hasStatus(failing, 'failing') && hasStatus(failing, 'active') && hasStatus(failing, undefined));
  assert.ok(!hasStatus(failing, 'inactive'));
  assert.ok(!hasStatus({ status: 'active', health: healthy }, 'failing'));
});
