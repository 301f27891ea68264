import assert from 'node:assert/strict';
import { test } from 'node:test';
import { identityOf, partsOf } from './identities.js';

test('an identity has a kind and a value', () => {
  assert.deepEqual(partsOf('all'), { kind: 'all', value: '' });
  assert.deepEqual(partsOf('number:918068280000'), { kind: 'number', value: '918068280000' });
  assert.deepEqual(partsOf('flow:a:b'), { kind: 'flow', value: 'a:b' });
});

test('spaces of a number are left out', () => {
  assert.equal(identityOf('number', ' +91 80682 80000 '), 'number:+918068280000');
  assert.equal(identityOf('all', 'x'), 'all');
});
