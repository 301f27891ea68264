import assert from 'node:assert/strict';
import { test } from 'node:test';
import { marksOf, piecesOf } from './marks.js';

test('pieces join to the text, and overlap as their marks do', () => {
  const text = 'a{{to | x}}b%k%';
  const pieces = piecesOf(text, marksOf(text, [{ start: 8, end: 9 }, { target: 'x' }]));
  assert.equal(pieces.map(({ text }) => text).join(''), text);
  assert.deepEqual(pieces.map(({ text, names }) => [text, names.join('+')]), [['a', ''], ['{{to | ', 'variable'], ['x', 'variable+wrong'], ['}}', 'variable'], ['b', ''], ['%k%', 'secret']]);
});

test('marks behind the text are dropped', () => {
  assert.deepEqual(piecesOf('ab', [{ start: 5, end: 9, name: 'wrong' }, { start: 1, end: 9, name: 'wrong' }]).map(({ names }) => names.length), [0, 1]);
  assert.deepEqual(piecesOf('', []), []);
});
