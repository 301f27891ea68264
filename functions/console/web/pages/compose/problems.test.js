import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bodyOf, emptyForm, row } from './form.js';
import { fieldOfPath, lacking, located, ownProblems, partsOfMessage, placeOf } from './problems.js';

const say = (name) => name;
const form = (changes) => ({ ...emptyForm(), ...changes });

test('messages say line, column and what', () => {
  assert.deepEqual(partsOfMessage('line 1, column 8: there is no filter `nope`, near `{{foo | nope}}`'), { line: 1, column: 8, what: 'there is no filter `nope`' });
  assert.deepEqual(partsOfMessage('line 1, column 8: the webhook has no secret `token` (for a percent sign write `%%`)').what, 'the webhook has no secret `token` (for a percent sign write `%%`)');
  assert.deepEqual(partsOfMessage('must not be blank'), { what: 'must not be blank' });
});

test('a place in the url is underlined', () => {
  const url = 'https://a.example/{{to | shell}}?x={{id';
  const { target, start, end } = placeOf(form({ url }), 'url', { line: 1, column: 26 });
  assert.deepEqual([target, url.slice(start, end)], ['url', 'shell']);
  const open = placeOf(form({ url }), 'url', { line: 1, column: 36 });
  assert.equal(url.slice(open.start, open.end), '{{id');
});

test('a header is found in any letter case', () => {
  const header = row('X-A', 'Bearer %nope%');
  const found = located(form({ headers: [row('B', ''), header] }), { field: 'headers.x-a', message: 'line 1, column 8: the webhook has no secret `nope`' });
  assert.deepEqual([found.target, header.value.slice(found.start, found.end)], [`header:${header.id}:value`, '%nope%']);
  assert.equal(placeOf(form({ headers: [header] }), 'headers.X-A').target, `header:${header.id}:name`);
});

test('a place in a json string is that of the editor', () => {
  const json = '{\n  "a": ["x", "1\\n\\"é\\" {{b | nope}}"]\n}';
  const found = located(form({ body: bodyOf({ format: 'json', json }) }), { field: 'body.template.a[1]', message: 'line 2, column 11: there is no filter `nope`, near `x`' });
  assert.equal(json.slice(found.start, found.end), 'nope');
  assert.equal(found.line, 2);
  assert.equal(json.split('\n')[1].slice(found.column - 1, found.column + 3), 'nope');
});

test('a member without a position is underlined whole', () => {
  const json = '{"a.b": "{{status | number}}"}';
  const found = placeOf(form({ body: bodyOf({ format: 'json', json }) }), 'body.template.a.b');
  assert.equal(json.slice(found.start, found.end), '"{{status | number}}"');
  assert.equal(fieldOfPath(['a', 1, 'b']), 'body.template.a[1].b');
});

test('rows, codes, secrets and reports have their controls', () => {
  const field = row('a', '{{x');
  assert.equal(placeOf(form({ body: bodyOf({ format: 'form', rows: [field] }) }), 'body.template.a', { line: 1, column: 1 }).target, `row:${field.id}:value`);
  assert.equal(placeOf(form({}), 'success_codes').target, 'codes');
  assert.equal(placeOf(form({}), 'secrets.token').target, 'secret:token');
  assert.equal(placeOf(form({}), 'report.to').target, 'report');
  assert.equal(placeOf(form({}), 'body').target, 'format');
  assert.equal(placeOf(form({}), 'something').target, null);
});

test('names that stand twice and wrong json are found before asking', () => {
  const problems = ownProblems(form({ headers: [row('A', '1'), row('a', '2'), row('', '3'), row()], body: bodyOf({ format: 'json', json: '{"a": }' }), codes: 'x' }), say);
  assert.deepEqual(problems.map(({ field, what }) => [field, what]), [['headers.a', 'twice'], ['headers', 'noName'], ['body', 'json.value'], ['success_codes', 'codes']]);
  assert.deepEqual([problems[2].line, problems[2].column], [1, 7]);
  assert.deepEqual(ownProblems(form({ method: 'GET', body: bodyOf({ format: 'json', json: '{' }) }), say), []);
});

test('a form without a name or a scheme has these problems', () => {
  const whats = (url) => ownProblems({ ...emptyForm(), url }, say).map(({ what }) => what);
  for (const url of ['a.example/x', 'htp', 'mailto:a', 'https:/a']) assert.deepEqual(whats(url), ['scheme'], url);
  for (const url of ['', 'h', 'https:', 'http://', 'https://a.example', 'ftp://a.example']) assert.deepEqual(whats(url), [], url);
  assert.deepEqual(lacking(emptyForm(), say).map(({ target, what }) => [target, what]), [['name', 'giveName'], ['url', 'scheme']]);
  assert.deepEqual(lacking({ ...emptyForm(), name: 'x', url: 'y' }, say), []);
});
