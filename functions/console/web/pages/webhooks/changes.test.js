import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withChanges } from './changes.js';

const rows = [{ id: 'a', version: 2, status: 'active', summary: { delivered: 1 }, health: { circuit: 'open' } }, { id: 'b', version: 1, status: 'active' }];

test('a changed row keeps its summary and loses its health', () => {
  const [changed, other] = withChanges(rows, { a: { id: 'a', version: 3, status: 'inactive' } });
  assert.deepEqual(changed, { id: 'a', version: 3, status: 'inactive', summary: { delivered: 1 } });
  assert.equal(other, rows[1]);
});

test('a row that was read after the change stays', () => {
  assert.equal(withChanges(rows, { a: { id: 'a', version: 2, status: 'inactive' } })[0], rows[0]);
});

test('a deleted row goes, and rows that are not read yet stay so', () => {
  assert.deepEqual(withChanges(rows, { a: null }).map(({ id }) => id), ['b']);
  assert.equal(withChanges(undefined, { a: null }), undefined);
});
