import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countText, percentText, shortCount } from './numbers.js';

test('counts have separators, and short ones a unit', () => {
  assert.equal(countText(1_234_567), '1,234,567');
  assert.equal(shortCount(12_340), '12.3K');
});

test('a share is 100 % only if it is all', () => {
  assert.deepEqual([1, 0.9999, 0.9989, 0.5, 0, null].map(percentText), ['100 %', '99.99 %', '99.89 %', '50 %', '0 %', '–']);
});

test('a share that was kept as its text is read', () => {
  assert.equal(percentText({ rawJSON: '1.0' }), '100 %');
});
