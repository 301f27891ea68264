import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findingOf } from './finding.js';

const id = '01a227bf-d0e0-8ee6-ab83-26d55b792348';

test('ids, numbers and call ids are distinguished', () => {
  const kinds = [id, id.toUpperCase(), `${id}.${id}`, '+91 98765-43210', '3210', 'call-mx20kzwu-66', '1'.repeat(24)].map((text) => findingOf(text).kind);
  assert.deepEqual(kinds, ['uuid', 'uuid', 'delivery', 'number', 'number', 'call', 'call']);
});

test('spaces around do not count, and nothing is no search', () => {
  assert.deepEqual(findingOf(` ${id}\n`), { kind: 'uuid', text: id });
  assert.equal(findingOf('  '), null);
});
