import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sortedBy } from './sorting.js';

const rows = [{ id: 'a', at: undefined }, { id: 'b', at: 2 }, { id: 'c', at: null }, { id: 'd', at: 1 }, { id: 'e', at: '' }, { id: 'f', at: 0 }];
const ids = (sign) => sortedBy(rows, ({ at }) => at, sign).map(({ id }) => id).join('');

test('rows without a value are last in both directions', () => {
  assert.equal(ids(1), 'fdbace');
  assert.equal(ids(-1), 'bdface');
});

test('equal rows stay in their order, and the rows that are given stay as they are', () => {
  assert.deepEqual(sortedBy([{ id: 1, n: 'x' }, { id: 2, n: 'x' }], ({ n }) => n, -1).map(({ id }) => id), [1, 2]);
  assert.equal(rows[0].id, 'a');
});
