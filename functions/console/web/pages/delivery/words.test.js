import assert from 'node:assert/strict';
import { test } from 'node:test';
import { wordsOf } from './words.js';

const now = Date.parse('2026-11-29T16:45:00Z');
const [before, soon] = ['2026-11-29T15:45:00Z', '2026-11-29T16:49:38Z'];
const closed = { success_codes: [200, 202], status: 'active', health: { circuit: 'closed' } };
const wordsFor = (delivery, webhook) => wordsOf({ attempts: [], ...delivery }, { webhook, name: 'CRM', now, timeOf: (at) => at.slice(11, 19) });

test('an answer that is no success names the codes, and the next attempt comes last', () => {
  const words = wordsFor({ status: 'retrying', next_attempt_at: soon, attempts: [{ status_code: 201 }] }, closed);
  assert.equal(words.reason, "The receiver answered 201, which is not among this webhook's success codes (200, 202).");
  assert.equal(words.step, 'Add 201 in its settings, or have the receiver answer 200.');
  assert.equal(words.then, 'Callhook tries again at 16:49:38.');
  assert.equal(words.place, 'settings');
});

test('codes are not guessed when the webhook cannot be read', () => {
  const { reason } = wordsFor({ status: 'failed', attempts: [{ status_code: 201 }] }, undefined);
  assert.ok(!reason.includes('200'), reason);
});

test('an open circuit is named first, with the end of the wait', () => {
  const webhook = { ...closed, health: { circuit: 'open', next_probe_at: soon, last_failure: { error: { type: 'timeout_response' } } } };
  const delivery = { status: 'retrying', next_attempt_at: before, attempts: [{ error: { type: 'timeout_response', detail: 'no answer' } }] };
  const words = wordsFor(delivery, webhook);
  assert.equal(words.lead, 'CRM is not answering: this delivery waits until 16:49:38.');
  assert.equal(words.reason, 'No answer.');
  assert.equal(words.then, undefined);
  assert.equal(wordsFor({ status: 'pending', next_attempt_at: before }, webhook).lead, words.lead);
});

test('a skip of a paused webhook says so by name', () => {
  const skipped = { status: 'skipped', reason: 'webhook_inactive', detail: 'the webhook is inactive' };
  const words = wordsFor(skipped, { ...closed, status: 'inactive' });
  assert.equal(words.reason, 'CRM was paused when this report came.');
  assert.equal(words.step, 'Activate it, then send the report again.');
  assert.equal(wordsFor(skipped, closed).step, 'It is active again: send the report again.');
});

test('a delivered or pending delivery needs no words', () => {
  assert.equal(wordsFor({ status: 'delivered', attempts: [{ status_code: 200 }] }, closed), null);
  assert.equal(wordsFor({ status: 'pending', next_attempt_at: soon }, closed), null);
});
