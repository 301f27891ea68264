import assert from 'node:assert/strict';
import { test } from 'node:test';
import { usesOf } from './request_parts.js';

test('uses of a secret are found in URL, headers and body', () => {
  const webhook = { url: 'https://x.example/?k=%key%', headers: { 'X-Key': 'Bearer %key%', Other: '%other%' }, body: { format: 'json', template: { deep: ['%key%'] } } };
  assert.deepEqual(usesOf('key', webhook), ['url', 'headers.X-Key', 'body']);
  assert.deepEqual(usesOf('absent', webhook), []);
});

test('a doubled percent sign begins no secret', () => {
  assert.deepEqual(usesOf('key', { url: 'https://x.example/%%key%' }), []);
});
