import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { go, guardPlace, leave, place } from './router.js';

beforeEach(() => {
  globalThis.location = { hash: '#/' };
  const set = (state, title, link) => {
    location.hash = link;
  };
  globalThis.history = { state: null, pushState: set, replaceState: set };
  place.set({ path: '/', query: {} });
});

test('each guard is asked, and one that wants so keeps the place', () => {
  const asked = [];
  const ends = [guardPlace((path) => void asked.push(`first ${path}`)), guardPlace((path) => asked.push(`second ${path}`) > 0)];
  go('/keys');
  assert.deepEqual(asked, ['first /keys', 'second /keys']);
  assert.equal(place.get().path, '/');
  ends[1]();
  go('/keys');
  assert.equal(place.get().path, '/keys');
  ends[0]();
});

test('an action that leaves the page waits until the reader agrees', () => {
  let wanted = null;
  let done = 0;
  const end = guardPlace((path, query) => {
    wanted = { path, query };
    return true;
  });
  leave(() => {
    done += 1;
  });
  assert.equal(done, 0);
  guardPlace(null);
  go(wanted.path, wanted.query);
  assert.equal(done, 1);
  assert.equal(place.get().path, '/', 'the place stays');
  go('/keys');
  assert.equal(place.get().path, '/', 'the reader agreed to one change only');
  go('/keys', {}, { agreed: true });
  assert.equal(place.get().path, '/keys');
  end();
});

test('an action that leaves the page runs immediately if no guard asks', () => {
  assert.equal(leave(() => 'done'), 'done');
});
