import assert from 'node:assert/strict';
import { test } from 'node:test';
import { language } from './language.js';
import { duration } from './times.js';

test('a duration has its two largest units', () => {
  const texts = [0, 320.4, 1_440, 59_990, 60_000, 200_000, 7_500_000, 86_400_000, 273_600_000].map(duration);
  assert.deepEqual(texts, ['0 ms', '320 ms', '1.4 s', '60 s', '1 min', '3 min 20 s', '2 h 5 min', '1 d', '3 d 4 h']);
});

test('the units of a duration follow the language', (context) => {
  context.after(() => language.set('en'));
  language.set('hi');
  assert.match(duration(200_000), /^3 मि॰ 20 से॰$/);
  assert.equal(duration(320), '320 ms');
  assert.match(duration(1_440), /^1\.4 से॰$/);
});
