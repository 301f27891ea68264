import assert from 'node:assert/strict';
import { test } from 'node:test';
import { insertFilter, insertSecret, insertVariable, isInString, newline, tab } from './insertion.js';

/** Applies an insertion at `^` (or from `^` to the second `^`), and marks the cursor. */
function at(marked, insertion) {
  const start = marked.indexOf('^');
  const rest = marked.slice(start + 1);
  const second = rest.indexOf('^');
  const text = marked.replaceAll('^', '');
  const end = second < 0 ? start : start + second;
  const { start: from, end: to, insert, from: a, to: b } = insertion(text, [start, end]);
  const next = text.slice(0, from) + insert + text.slice(to);
  return a === b ? `${next.slice(0, a)}^${next.slice(a)}` : `${next.slice(0, a)}^${next.slice(a, b)}^${next.slice(b)}`;
}

const variable = (marked, options) => at(marked, (text, range) => insertVariable(text, range, 'to', options));
const filter = (marked, hint = '', options = {}) => at(marked, (text, range) => insertFilter(text, range, { name: 'slice', hint }, options));
const secret = (marked, options) => at(marked, (text, range) => insertSecret(text, range, 'key', options));

test('a variable is an expression of its own, or a name within one', () => {
  assert.equal(variable('a=^'), 'a={{to}}^');
  assert.equal(variable('a=^x^&'), 'a={{to}}^&');
  assert.equal(variable('{{^}}'), '{{to^}}');
  assert.equal(variable('{{^ | upcase }}'), '{{to^ | upcase }}');
  assert.equal(variable('{{id}}^'), '{{id}}{{to}}^');
  assert.equal(variable('^{{id}}'), '{{to}}^{{id}}');
  assert.equal(variable('x{{^'), 'x{{to^');
});

test('in json it stands between quotes', () => {
  assert.equal(variable('{"a": ^}', { isJson: true }), '{"a": "{{to}}"^}');
  assert.equal(variable('{"a": "x^"}', { isJson: true }), '{"a": "x{{to}}^"}');
  assert.equal(secret('{"a": ^}', { isJson: true }), '{"a": "%key%"^}');
  assert.ok(isInString('"a\\"b', 5) && !isInString('"a"', 3));
});

test('a filter goes to the expression of the cursor', () => {
  assert.equal(filter('{{to^}}'), '{{to | slice^}}');
  assert.equal(filter('{{ t^o }}'), '{{ to | slice^ }}');
  assert.equal(filter('{{to}}^', ': -10'), '{{to | slice: ^-10^}}');
  assert.equal(filter("{{to}}^", ": 'a', 'b'"), "{{to | slice: '^a^', 'b'}}");
  assert.equal(filter('a^'), 'a{{^ | slice }}');
  assert.equal(filter('{"a": ^}', '', { isJson: true }), '{"a": "{{^ | slice }}"}');
  assert.equal(filter('a {{to^'), 'a {{to | slice^ }}');
});

test('a secret never goes into an expression', () => {
  assert.equal(secret('{{t^o}}x'), '{{to}}%key%^x');
  assert.equal(secret('Bearer ^'), 'Bearer %key%^');
});

test('enter keeps the indent and opens brackets', () => {
  const enter = (marked) => at(marked, newline);
  assert.equal(enter('  "a": 1,^'), '  "a": 1,\n  ^');
  assert.equal(enter('{^}'), '{\n  ^\n}');
  assert.equal(enter('  "a": [^\n'), '  "a": [\n    ^\n');
  assert.equal(enter('a {{^'), 'a {{\n^');
});

test('tab goes to the next even column', () => {
  assert.equal(at('a^', tab), 'a ^');
  assert.equal(at('x\n^', tab), 'x\n  ^');
});
