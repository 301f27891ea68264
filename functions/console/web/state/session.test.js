import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { draftName, draftOf, keepDraft } from '../pages/compose/draft.js';
import { emptyForm } from '../pages/compose/form.js';
import { continues, isLinkWithKey, keyOfPage, onSignOut, session, signIn, signOut, zone } from './session.js';
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
  session.set({ key: null, who: null, accountId: null, count: 0, ended: null });
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

test('times are in the zone of the account, or in UTC if it is not known', () => {
  const who = keyOf('acme');
  signIn('chk_a', { ...who, account: { ...who.account, time_zone: 'Asia/Kolkata' } });
  assert.equal(zone(), 'Asia/Kolkata');
  signIn('chk_a', { ...who, account: { ...who.account, time_zone: 'Mars/Olympus_Mons' } });
  assert.equal(zone(), 'UTC');
  signOut();
  assert.equal(zone(), 'UTC');
});

const platformKey = (account = null) => ({ id: 'platform', scopes: ['platform'], account });

test('a refused key locks the session, and another key of the account unlocks it', () => {
  signIn('chk_a', keyOf('acme'));
  const { count } = session.get();
  signOut('key');
  assert.equal(session.get().key, null);
  assert.equal(session.get().who.account.id, 'acme');
  assert.equal(sessionStorage.getItem('callhook.key'), null);
  signIn('chk_b', keyOf('acme'));
  assert.deepEqual([session.get().key, session.get().count, session.get().ended], ['chk_b', count, null]);
});

test('a key of another account begins anew after a key was refused', () => {
  signIn('chk_a', keyOf('acme'));
  const { count } = session.get();
  let forgotten = 0;
  const stop = onSignOut(() => {
    forgotten += 1;
  });
  signOut('key');
  signIn('chk_b', keyOf('other'));
  stop();
  assert.deepEqual([session.get().who.account.id, session.get().count, forgotten], ['other', count + 1, 1]);
});

test('signing out ends a session that is locked', () => {
  signIn('chk_a', keyOf('acme'));
  signOut('key');
  signOut('key');
  signOut();
  assert.deepEqual([session.get().who, session.get().ended], [null, 'chosen']);
  signOut('key');
  assert.equal(session.get().ended, 'chosen', 'a late answer does not say that the key has ended');
});

test('a page continues with a key of the same account, or a platform key that acts for it', () => {
  const acme = { id: 'acme' };
  assert.ok(continues(keyOf('acme'), keyOf('acme')));
  assert.ok(!continues(keyOf('acme'), keyOf('other')));
  assert.ok(!continues(keyOf('acme'), platformKey(acme)));
  assert.ok(!continues(platformKey(acme), keyOf('acme')));
  assert.ok(continues(platformKey(), platformKey()));
  assert.ok(continues(platformKey(acme), platformKey(acme)));
  assert.ok(!continues(platformKey(acme), platformKey({ id: 'other' })));
  assert.ok(!continues({ scopes: [], account: null }, { scopes: [], account: null }));
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
