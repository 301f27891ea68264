import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { endOfBracket, membersAt, sources } from '../testing/sources.js';
import { operations } from './operations.js';

const openapi = JSON.parse(readFileSync(new URL('../../../../docs/openapi.json', import.meta.url), 'utf8'));

const parametersOf = (item, operation, place) => [...(item.parameters ?? []), ...(operation.parameters ?? [])].filter((parameter) => parameter.in === place).map(({ name }) => name);

const documented = (id) => {
  for (const [path, item] of Object.entries(openapi.paths)) {
    for (const [method, operation] of Object.entries(item)) {
      if (operation.operationId === id) return { method: method.toUpperCase(), path, item, operation };
    }
  }
  return null;
};

/** Every call of an operation by its name: `call('…', …)`, `curlOf('…', …)`, `urlOf('…', …)`, with the text of its arguments. */
const calls = sources().flatMap(({ file, text }) => [...text.matchAll(/\b(?:call|curlOf|urlOf)\('(\w+)'/g)].map((found) => {
  const open = text.indexOf('(', found.index);
  return { file, id: found[1], text: text.slice(open, endOfBracket(text, open)) };
}));

test('every operation is one of the OpenAPI document', () => {
  for (const [id, [method, path]] of Object.entries(operations)) {
    const found = documented(id);
    assert.ok(found, `${id} is not in the document`);
    assert.deepEqual([found.method, found.path], [method, path], id);
  }
});

test('the parameters of every path are documented', () => {
  for (const [id, [, path]] of Object.entries(operations)) {
    const { item, operation } = documented(id);
    const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    assert.deepEqual(parametersOf(item, operation, 'path').sort(), named.sort(), id);
  }
});

test('pages call operations that are listed', () => {
  assert.ok(calls.length > 20, 'the calls are found');
  for (const { file, id } of calls) assert.ok(Object.hasOwn(operations, id), `${file} calls ${id}`);
});

test('the parameters that pages write into a query are documented', () => {
  let seen = 0;
  for (const { file, id, text } of calls) {
    const { item, operation } = documented(id);
    const known = parametersOf(item, operation, 'query');
    for (const found of text.matchAll(/\bquery: (?=\{)/g)) {
      for (const name of membersAt(text, found.index + found[0].length)) {
        assert.ok(known.includes(name), `${file} sends ${name} to ${id}, which has ${known.join(', ') || 'none'}`);
        seen += 1;
      }
    }
  }
  assert.ok(seen > 20, 'the parameters are found');
});

test('the parameters that pages put into a path are those of its template', () => {
  for (const { file, id, text } of calls) {
    const found = /\bparams: (?=\{)/.exec(text);
    if (!found) continue;
    const [, path] = operations[id];
    for (const name of membersAt(text, found.index + found[0].length)) assert.ok(path.includes(`{${name}}`), `${file} puts ${name} into ${path}`);
  }
});
