import assert from 'node:assert/strict';
import { test } from 'node:test';
import { endOfBracket, membersAt, templateAt } from './sources.js';

test('a bracket ends where it is closed, also with brackets in strings', () => {
  const text = "f({ a: ')', b: `${g(1)})` }) + 1";
  assert.equal(text.slice(0, endOfBracket(text, 1)), "f({ a: ')', b: `${g(1)})` })");
});

test('the places of a template are empty', () => {
  assert.equal(templateAt('`status.${a ? `x${b}` : c}.more` + d', 0), 'status.${}.more');
});

test('the members of an object are its own', () => {
  assert.deepEqual(membersAt("{ limit: 100, cursor, 'x-y': { no: 1 }, status: f(a, b), ...rest, from: 'a,b' }", 0), ['limit', 'cursor', 'x-y', 'status', 'from']);
});
