import assert from 'node:assert/strict';
import { test } from 'node:test';
import { session, signIn, signOut } from './session.js';
import { actFor } from './sign_in.js';

const whoActs = (id) => ({ id: 'platform', scopes: ['platform'], account: id && { id, name: id } });

/** Delays requests; `answers` answers one by the account that it acts for. */
function heldRequests() {
  const open = new Map();
  globalThis.fetch = (url, { headers }) => new Promise((resolve) => {
    const id = headers['x-account-id'];
    open.set(id, () => resolve(new Response(JSON.stringify(whoActs(id)))));
  });
  return { answers: (id) => open.get(id)() };
}

test('the account that was chosen last is acted for, whichever answer comes last', async () => {
  signIn('chk_platform', whoActs(null));
  const requests = heldRequests();
  const [first, second] = [actFor('first'), actFor('second')];
  requests.answers('second');
  assert.equal(await second, true);
  requests.answers('first');
  assert.equal(await first, false);
  assert.equal(session.get().accountId, 'second');
});

test('an account that was chosen before signing out is not acted for', async () => {
  signIn('chk_platform', whoActs(null));
  const requests = heldRequests();
  const acting = actFor('first');
  signOut();
  requests.answers('first');
  assert.equal(await acting, false);
  assert.equal(session.get().who, null);
});
