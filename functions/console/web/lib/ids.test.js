import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shortId } from './ids.js';

test('ids of one minute differ in their shown part', () => {
  const ids = ['01a227fe-b4fa-7221-b84b-30fa0aa7f702', '01a227fe-b4ca-71aa-8ca4-a1111131f530'];
  assert.deepEqual(ids.map(shortId), ['…0aa7f702', '…1131f530']);
});
