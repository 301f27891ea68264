import assert from 'node:assert/strict';
import { test } from 'node:test';
import { flatPairs, formatJson, lineAndColumn, objectText, offsetInString, offsetOf, partOf, scanJson } from './json_text.js';

test('valid json is read as json parse reads it', () => {
  for (const text of ['{}', '[]', '"a"', '0', '-1.5e+3', 'null', ' {"a": [1, {"b": "c"}], "d": true} ', '"\\u00e9\\n\\""']) {
    assert.equal(scanJson(text).error, null, text);
    assert.doesNotThrow(() => JSON.parse(text));
  }
});

test('wrong json is named with its place', () => {
  const of = (text) => {
    const { error } = scanJson(text);
    assert.throws(() => JSON.parse(text), text);
    return [error.what, error.offset];
  };
  assert.deepEqual(of(''), ['empty', 0]);
  assert.deepEqual(of('{"a": 1,}'), ['trailing', 7]);
  assert.deepEqual(of('[1,]'), ['trailing', 2]);
  assert.deepEqual(of('{"a" 1}'), ['colon', 5]);
  assert.deepEqual(of('{"a": 1 "b": 2}'), ['comma', 8]);
  assert.deepEqual(of('{a: 1}'), ['name', 1]);
  assert.deepEqual(of('{"a": {{to}}}'), ['variable', 6]);
  assert.deepEqual(of('{"a": "b'), ['string', 6]);
  assert.deepEqual(of('{"a": "b\n"}'), ['string', 6]);
  assert.deepEqual(of('{"a": "b\t"}'), ['control', 8]);
  assert.deepEqual(of('{"a": "\\x"}'), ['escape', 7]);
  assert.deepEqual(of("{\"a\": 'b'}"), ['quotes', 6]);
  assert.deepEqual(of('{"a": 01}'), ['value', 6]);
  assert.deepEqual(of('{"a": nil}'), ['value', 6]);
  assert.deepEqual(of('{"a": 1} x'), ['extra', 9]);
  assert.deepEqual(of('{"a": '), ['end', 6]);
  assert.equal(scanJson('['.repeat(500)).error.what, 'levels');
});

test('strings have their path, and a character its place', () => {
  const text = '{"a": ["x", "y\\n\\u00e9{{to}}"], "b": {"c": "d"}}';
  const { strings } = scanJson(text);
  assert.deepEqual(strings.map(({ path }) => path), [['a', 0], ['a', 1], ['b', 'c']]);
  const at = offsetInString(text, strings[1], strings[1].value.indexOf('{{'));
  assert.equal(text.slice(at, at + 6), '{{to}}');
});

test('the part before an error is parsed', () => {
  assert.deepEqual(scanJson('{"a": "b", "c": }').strings.map(({ value }) => value), ['b']);
});

test('printing changes white space only', () => {
  const text = '{"2":12345678901234567890,"1":{"a":[],"b":{}},"c":[1.0,"\\u00e9"]}';
  const printed = formatJson(text);
  assert.equal(printed.replace(/\s/g, ''), text);
  assert.equal(printed.split('\n')[1], '  "2": 12345678901234567890,');
  assert.equal(formatJson('{"a"'), '{"a"');
});

test('a part is as it is written', () => {
  assert.equal(partOf('{"report": {"to": 12345678901234567890, "b": [1]}}', ['report', 'to']), '12345678901234567890');
  assert.equal(partOf('{"a": 1, "a": 2}', ['a']), '2');
  assert.equal(partOf('{"a": 1}', ['b', 'c']), undefined);
});

test('flat objects become pairs', () => {
  assert.deepEqual(flatPairs('{"a": "{{to}}", "n": 1.50, "t": true}'), [['a', '{{to}}'], ['n', '1.50'], ['t', 'true']]);
  assert.equal(flatPairs('{"a": {}}'), null);
  assert.equal(flatPairs('[]'), null);
  assert.equal(objectText([['a"', '1'], ['b', '"x"']]), '{"a\\"":1,"b":"x"}');
});

test('lines and columns count characters', () => {
  const text = 'ab\n😀x{{to}}';
  const offset = text.indexOf('{{');
  assert.deepEqual(lineAndColumn(text, offset), { line: 2, column: 3 });
  assert.equal(offsetOf(text, 2, 3), offset);
  assert.equal(offsetOf(text, 9, 9), text.length);
});
