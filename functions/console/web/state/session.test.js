import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { draftName, draftOf, keepDraft } from '../pages/compose/draft.js';
import { emptyForm } from '../pages/compose/form.js';
import { isLinkWithKey, keyOfPage, onSignOut, session, signIn, signOut } from './session.js';
import { sayFailed, toasts } from './toasts.js';

/** Web storage as a browser has it: its names are its own properties. */
class Storage {
  getItem(name) {
    return Object.hasOwn(this, name) ? this[name] : null;
  }

  setItem(name, value) {
    this[name] = String(value);
  }

  removeItem(name) {
    delete this[name];
  }
}

const keyOf = (id, scopes = ['webhooks:read']) => ({ id: `key-of-${id}`, scopes, account: { id, name: id, time_zone: 'UTC' } });
const draft = () => ({ form: { ...emptyForm(), name: 'CRM' }, version: 1, report: undefined, secretNames: [] });
const at = (hash) => ({ hash, pathname: '/console/', search: '' });

/** A history that notes the addresses that replace others. */
function historyOf() {
  const replaced = [];
  return { replaced, replaceState: (state, title, link) => replaced.push(link) };
}

beforeEach(() => {
  globalThis.sessionStorage = new Storage();
  session.set({ key: null, who: null, accountId: null, ended: null });
});

test('a link gives its key, and leaves the address', () => {
  sessionStorage.setItem('callhook.key', 'chk_old');
  const history = historyOf();
  assert.ok(isLinkWithKey(at('#key=chk_new')));
  assert.deepEqual(keyOfPage(at('#key=chk_new'), history), { key: 'chk_new', isMalformed: false });
  assert.deepEqual(history.replaced, ['/console/#/']);
  assert.equal(sessionStorage.getItem('callhook.key'), null);
});

test('a malformed link gives no key, not even that of the tab', () => {
  for (const hash of ['#key=', '#key=chk', '#key=chk_a b', '#key=%63hk_a', '#key=chk_a&x=1']) {
    sessionStorage.setItem('callhook.key', 'chk_old');
    const history = historyOf();
    assert.deepEqual(keyOfPage(at(hash), history), { key: null, isMalformed: true }, hash);
    assert.deepEqual(history.replaced, ['/console/#/']);
    assert.equal(sessionStorage.getItem('callhook.key'), null);
  }
});

test('an address without a link has the key of the tab', () => {
  sessionStorage.setItem('callhook.key', 'chk_old');
  const history = historyOf();
  assert.deepEqual(keyOfPage(at('#/webhooks?name=key'), history), { key: 'chk_old', isMalformed: false });
  assert.deepEqual(history.replaced, []);
});

test('signing out forgets all drafts, and nothing keeps one afterwards', () => {
  signIn('chk_a', keyOf('acme'));
  const name = draftName(null);
  keepDraft(name, draft());
  assert.equal(draftOf(name).form.name, 'CRM');
  signOut();
  assert.deepEqual(Object.keys(sessionStorage), []);
  keepDraft(name, draft());
  assert.deepEqual(Object.keys(sessionStorage), []);
});

test('a link to another account forgets the drafts of the one before, and one to the same account keeps them', () => {
  signIn('chk_a', keyOf('acme'));
  const name = draftName('w1');
  keepDraft(name, draft());
  signOut('link');
  signIn('chk_b', keyOf('acme'));
  assert.ok(draftOf(name));
  signOut('link');
  signIn('chk_c', keyOf('other'));
  assert.equal(draftOf(name), null);
  keepDraft(name, draft());
  assert.equal(draftOf(name), null, 'the page of the account before keeps nothing in the session of another');
});

test('signing out closes toasts and runs what forgets, but a refused key does not', () => {
  let forgotten = 0;
  const stop = onSignOut(() => {
    forgotten += 1;
  });
  signIn('chk_a', keyOf('acme'));
  sayFailed('failed', () => {});
  signOut('key');
  assert.equal(toasts.get().length, 1);
  assert.equal(forgotten, 0);
  signIn('chk_a', keyOf('acme'));
  signOut();
  assert.deepEqual(toasts.get(), []);
  assert.equal(forgotten, 1);
  stop();
});
