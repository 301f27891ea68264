import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fieldsOf, found, groupsOf, limitsOf, operationsOf, piecesOf, resolved, typeOf } from './document.js';

const openapi = JSON.parse(readFileSync(new URL('../../../../docs/openapi.json', import.meta.url), 'utf8'));
const operation = (id) => operationsOf(openapi).find((operation) => operation.id === id);

test('every operation of the document is in one group', () => {
  const count = Object.values(openapi.paths).reduce((sum, item) => sum + Object.keys(item).filter((name) => /^(get|post|put|patch|delete)$/.test(name)).length, 0);
  const ids = groupsOf(openapi).flatMap(({ operations }) => operations.map(({ id }) => id));
  assert.equal(ids.length, count);
  assert.equal(new Set(ids).size, count);
});

test('an operation names its scope, and the public ones need no key', () => {
  assert.deepEqual(operation('createWebhook').scopes, ['webhooks:write']);
  assert.equal(operation('readHealth').needsKey, false);
});

test('a reference that leads nowhere resolves to undefined', () => {
  assert.equal(resolved(openapi, { $ref: '#/components/schemas/NoSuchSchema' }), undefined);
});

test('a search finds operations that have every word', () => {
  const ids = (text) => found(operationsOf(openapi), text).map(({ id }) => id);
  assert.ok(ids('delete webhooks').includes('deleteWebhook'));
  assert.deepEqual(ids('no-such-word'), []);
  assert.equal(ids(' ').length, operationsOf(openapi).length);
});

test('types are named in words', () => {
  const type = (schema) => typeOf(openapi, schema);
  assert.equal(type({ type: ['string', 'null'], format: 'uuid' }), 'string (uuid) or null');
  assert.equal(type({ type: 'array', items: { $ref: '#/components/schemas/Report' } }), 'array of Report');
  assert.equal(type({ oneOf: [{ $ref: '#/components/schemas/QuotaChange' }, { type: 'null' }] }), 'QuotaChange or null');
  assert.equal(type({}), 'any');
});

test('limits are shown with their units', () => {
  assert.deepEqual(limitsOf({ type: 'string', minLength: 1, maxLength: 64 }), ['1 to 64 characters']);
  assert.deepEqual(limitsOf({ type: 'integer', minimum: 1, default: 50 }), ['at least 1', 'default 50']);
  assert.deepEqual(limitsOf({ pattern: '^[^\\x00-\\x1f]*$' }), []);
});

test('the fields of a list are those of its items', () => {
  assert.ok(fieldsOf(openapi, { type: 'array', items: { $ref: '#/components/schemas/Account' } }).properties.time_zone);
  assert.equal(fieldsOf(openapi, { type: 'string' }), null);
});

test('the header of platform keys is the last parameter', () => {
  assert.deepEqual(operation('readWebhook').parameters.map(({ name }) => name), ['id', 'X-Account-Id']);
});

test('backticks make code', () => {
  assert.deepEqual(piecesOf('a `b` c'), [{ text: 'a ' }, { code: 'b' }, { text: ' c' }]);
});
