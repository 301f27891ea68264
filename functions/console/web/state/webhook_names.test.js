import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { signIn } from './session.js';
import { areRead, errorOf, forgetWebhookNames, namesOf } from './webhook_names.js';

const { fetch } = globalThis;
signIn('chk_0123456789ab_secret', { scopes: ['webhooks:read'], account: { id: 'acme' } });
afterEach(() => {
  globalThis.fetch = fetch;
  forgetWebhookNames();
});

/** Has the API answer with these webhooks; returns how often it was asked. */
function answers(...webhooks) {
  let count = 0;
  globalThis.fetch = async () => {
    count += 1;
    return new Response(JSON.stringify({ data: webhooks, next_cursor: null }));
  };
  return () => count;
}

test('names are read once for all until a webhook changes', async () => {
  const count = answers({ id: 'a', name: 'CRM' });
  const [names] = await Promise.all([namesOf('key'), namesOf('key')]);
  assert.deepEqual([[...names], count(), areRead(names)], [[['a', 'CRM']], 1, true]);
  forgetWebhookNames();
  answers({ id: 'b', name: 'New' });
  assert.deepEqual([...(await namesOf('key'))], [['b', 'New']]);
});

test('a failed reading is an error, not an account without webhooks, and is not kept', async () => {
  globalThis.fetch = async () => new Response('{}', { status: 500 });
  const failed = await namesOf('key');
  assert.deepEqual([failed.size, areRead(failed), errorOf(failed).status], [0, false, 500]);
  answers();
  const none = await namesOf('key');
  assert.deepEqual([none.size, areRead(none), errorOf(none)], [0, true, null]);
});
