import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';
import { holdToast, releaseToast, sayDone, sayFailed, sayUndoable, toasts } from './toasts.js';

const texts = () => toasts.get().map(({ text }) => text);

beforeEach(() => {
  mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  toasts.set([]);
});
afterEach(() => mock.timers.reset());

test('a success message closes after a while, and a failure stays', () => {
  sayDone('saved');
  sayFailed('failed');
  mock.timers.tick(2000);
  assert.deepEqual(texts(), ['failed']);
});

test('a toast stays while the pointer or the focus is on it', () => {
  sayUndoable('paused', () => {});
  const [{ id }] = toasts.get();
  mock.timers.tick(6000);
  holdToast(id);
  holdToast(id);
  mock.timers.tick(60_000);
  assert.deepEqual(texts(), ['paused']);
  releaseToast(id);
  mock.timers.tick(3999);
  assert.deepEqual(texts(), ['paused']);
  mock.timers.tick(1);
  assert.deepEqual(texts(), []);
});

test('undoing goes back one step: the next one replaces it', () => {
  sayUndoable('first', () => {});
  sayUndoable('second', () => {});
  assert.deepEqual(texts(), ['second']);
});
