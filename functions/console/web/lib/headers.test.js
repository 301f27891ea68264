import assert from 'node:assert/strict';
import { test } from 'node:test';
import { headerLines } from './headers.js';

test('each header has a line', () => {
  assert.equal(headerLines({ 'content-type': 'application/json', 'x-a': '•••' }), 'content-type: application/json\nx-a: •••');
  assert.equal(headerLines(null), '');
});
