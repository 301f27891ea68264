import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asSentence } from './sentences.js';

test('a reason becomes a sentence', () => {
  assert.equal(asSentence('the webhook is inactive'), 'The webhook is inactive.');
  assert.equal(asSentence(' Try again? '), 'Try again?');
});

test('a field name keeps its case', () => {
  assert.equal(asSentence('max_per_second is too low'), 'max_per_second is too low.');
});
