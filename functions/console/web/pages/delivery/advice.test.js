import assert from 'node:assert/strict';
import { test } from 'node:test';
import { adviceOf, meaningOf, stepOf } from './advice.js';
import { hasText } from '../../texts/index.js';

const failed = (attempt) => ({ status: 'failed', attempts: [attempt] });

test('each status code has a step', () => {
  const step = (code) => stepOf({ status_code: code });
  assert.deepEqual([201, 302, 401, 404, 418, 429, 500, 503, 599, 999].map(step),
    ['success', 'redirect', 'credentials', 'path', 'request', 'rate', 'receiver', 'overload', 'receiver', 'protocol']);
});

const TYPES = ['dns', 'refused', 'unreachable', 'timeout_connect', 'timeout_response', 'reset', 'closed', 'protocol', 'refused_url', 'refused_address', 'not_sent', 'connect',
  'timeout', 'broken'];
const REASONS = ['self_signed', 'unknown_issuer', 'expired', 'wrong_name', 'not_tls', 'incompatible', 'interrupted', 'other'];

test('every step has a text', () => {
  const outcomes = [
    ...Array.from({ length: 500 }, (_, index) => ({ status_code: index + 100 })),
    ...TYPES.map((type) => ({ error: { type } })),
    ...REASONS.map((reason) => ({ error: { type: 'tls', reason } })),
    { error: { type: 'of a later version' } },
  ];
  for (const outcome of outcomes) assert.ok(hasText(`delivery.steps.${stepOf(outcome)}`), JSON.stringify(outcome));
  for (const type of [...TYPES, 'tls']) assert.ok(hasText(`delivery.errors.${type}`), type);
  for (const reason of ['webhook_inactive', 'webhook_disabled', 'webhook_deleted', 'expired']) {
    assert.ok(hasText(`delivery.steps.${adviceOf({ status: 'skipped', reason, attempts: [] }).step}`), reason);
  }
});

test('a delivery that was accepted or not tried needs no step', () => {
  assert.equal(adviceOf({ status: 'delivered', attempts: [{ status_code: 200 }] }), null);
  assert.equal(adviceOf({ status: 'pending', attempts: [] }), null);
});

test('a step names the place where it is done', () => {
  assert.deepEqual(adviceOf(failed({ status_code: 404 })), { step: 'path', place: 'compose' });
  assert.deepEqual(adviceOf(failed({ status_code: 500 })), { step: 'receiver', place: null });
  assert.deepEqual(adviceOf({ status: 'skipped', reason: 'webhook_inactive', attempts: [] }), { step: 'webhook_inactive', place: 'webhook' });
  assert.deepEqual(adviceOf({ status: 'failed', attempts: [] }), { step: 'template', place: 'compose' });
});

test('the API has the first word', () => {
  const health = { last_failure: { status_code: 503, meaning: 'the receiver answered 503: it is overloaded' } };
  assert.equal(meaningOf({ detail: 'the webhook is inactive', attempts: [] }), 'The webhook is inactive.');
  assert.equal(meaningOf({ attempts: [{ error: { detail: 'the host has no address' } }] }), 'The host has no address.');
  assert.equal(meaningOf({ attempts: [{ status_code: 503 }] }, { health }), 'The receiver answered 503: it is overloaded.');
  assert.equal(meaningOf({ attempts: [{ status_code: 500 }] }, { health }), undefined);
});
