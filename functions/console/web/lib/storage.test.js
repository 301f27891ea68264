import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { names, read, write } from './storage.js';

const before = Object.getOwnPropertyDescriptor(globalThis, 'sessionStorage');
afterEach(() => Object.defineProperty(globalThis, 'sessionStorage', before ?? { value: undefined, configurable: true }));

test('a browser that forbids storage, as in a frame of another site, keeps nothing and fails nothing', () => {
  Object.defineProperty(globalThis, 'sessionStorage', { configurable: true, get: () => { throw new Error('SecurityError'); } });
  write('sessionStorage', 'a', '1');
  assert.deepEqual([read('sessionStorage', 'a'), names('sessionStorage')], [null, []]);
});
