import assert from 'node:assert/strict';
import { test } from 'node:test';
import { askForTest, takeTest } from './test_now.js';

test('a request for a test sends one, to its webhook, and only immediately', () => {
  askForTest('a', 1_000);
  assert.equal(takeTest('b', 1_000), false);
  assert.equal(takeTest('a', 1_500), true);
  assert.equal(takeTest('a', 1_500), false);
  askForTest('a', 1_000);
  assert.equal(takeTest('a', 60_000), false);
});
