import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { session, signIn, signOut } from '../state/session.js';
import { call } from './client.js';

let asked;
let answer;

beforeEach(() => {
  asked = [];
  answer = () => new Response('{}');
  globalThis.fetch = async (url) => {
    asked.push(url.pathname);
    return answer();
  };
  signIn('chk_a', { id: 'a', scopes: [], account: { id: 'acme' } });
});

test('a path parameter that would lead to another path is refused', async () => {
  for (const id of ['.', '..']) await assert.rejects(call('readWebhook', { params: { id } }), { kind: 'not-found' });
  assert.deepEqual(asked, []);
  await call('readWebhook', { params: { id: '../keys' } });
  assert.deepEqual(asked, ['/v1/webhooks/..%2Fkeys']);
});

test('no request is sent without a key', async () => {
  signOut();
  await assert.rejects(call('listWebhooks'), { kind: 'key' });
  assert.deepEqual(asked, []);
});

test('a refused key locks the session, but a response to an earlier key does not', async () => {
  answer = () => new Response('{"message":"Forbidden"}', { status: 403 });
  await assert.rejects(call('listWebhooks'), { kind: 'key' });
  assert.equal(session.get().key, null);
  signIn('chk_a', { id: 'a', scopes: [], account: { id: 'acme' } });
  const late = call('listWebhooks');
  signIn('chk_b', { id: 'b', scopes: [], account: { id: 'acme' } });
  await assert.rejects(late, { kind: 'key' });
  assert.equal(session.get().key, 'chk_b');
});
