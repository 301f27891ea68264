import assert from 'node:assert/strict';
import { test } from 'node:test';
import { expressionLength, isLiteral, literalInHeader, literalsInUrl, namesSecret, partsOf, secretNameFor, secretsIn } from './templates.js';

test('expressions end outside quotes', () => {
  assert.equal(expressionLength("{{b | default: '}}'}}c"), 21);
  assert.equal(expressionLength('{{to'), null);
});

test('percent signs name secrets as the api reads them', () => {
  for (const [text, names] of [
    ['Bearer %token%', ['token']], ['50% off, 20% on', []], ['%%token%%', []], ['%%%token%', ['token']], ['%20%', []],
    ['{{a | date: "%Y%"}}', []],
  ]) assert.deepEqual(secretsIn(text), names, text);
});

test('percent-encoding of a url names no secret', () => {
  for (const text of ['%C3%BC', 'caf%C3%A9s%20x', '%C3%A9t%C3%A9', '%20access_token%20', 'a%add', '%e2%82%ac', 'k=%ab%', 'k=%E9s%20a']) {
    assert.deepEqual(secretsIn(text, { inUrl: true }), [], text);
  }
  for (const text of ['k=%access_token%', 'a=%C3%A9&k=%access_token%&b=1', '%face%', 'k=%dead-line%']) {
    assert.equal(secretsIn(text, { inUrl: true }).length, 1, text);
  }
  assert.deepEqual(secretsIn('k=%ab%', { inUrl: true, known: ['ab'] }), ['ab']);
  assert.deepEqual(secretsIn('https://u:%access_token%@h.io/', { inUrl: true }), []);
});

test('parts have their places', () => {
  assert.deepEqual(partsOf('a{{to}}%k%{{x').map(({ kind, start, end }) => [kind, start, end]), [['expression', 1, 7], ['secret', 7, 10], ['open', 10, 13]]);
});

test('names tell secrets as in the api', () => {
  for (const name of ['Authorization', 'X-Api-Key', 'api_key', 'X-Api-Key-2', 'AppKey', 'access_token', 'Cookie', 'pwd', 'session']) assert.ok(namesSecret(name), name);
  for (const name of ['monkey', 'X-Campaign', 'to', 'passenger', 'keyboard', 'HOTKEYS', '']) assert.ok(!namesSecret(name), name);
});

test('literal secrets are found and templates are not', () => {
  assert.deepEqual(literalInHeader('Authorization', 'Bearer abc'), [7, 10]);
  assert.deepEqual(literalInHeader('X-Api-Key', 'abc'), [0, 3]);
  for (const value of ['Bearer %token%', 'Bearer {{x}}', 'Bearer •••', 'Bearer ', '']) assert.equal(literalInHeader('Authorization', value), null, value);
  assert.equal(literalInHeader('X-Campaign', 'abc'), null);
  const url = 'https://a.example/x?id={{id}}&api_key=abc&token=%token%#f';
  assert.deepEqual(literalsInUrl(url).map(({ name, start, end }) => [name, url.slice(start, end)]), [['api_key', 'abc']]);
  assert.ok(isLiteral('abc') && !isLiteral(' '));
});

test('secrets get names that are free', () => {
  assert.equal(secretNameFor('Authorization', 'Bearer a', []), 'token');
  assert.equal(secretNameFor('Authorization', 'Basic a', []), 'credentials');
  assert.equal(secretNameFor('X-Api-Key', 'a', ['api_key']), 'api_key_2');
  assert.equal(secretNameFor('2', 'a', []), 'token');
});
