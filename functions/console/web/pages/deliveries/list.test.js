import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requestOf, statusesOf, withNews } from './list.js';

test('a chosen webhook has a list of its own', () => {
  const { name, params, query, mistake } = requestOf({ webhook_id: 'w', status: 'delivered', from: '2026-11-29T12:00' });
  assert.deepEqual([name, params, mistake], ['listDeliveries', { id: 'w' }, null]);
  assert.deepEqual(query, { status: 'delivered', from: '2026-11-29 12:00:00', to: undefined });
});

test('without a webhook the list has the undelivered deliveries', () => {
  assert.equal(requestOf({}).name, 'listUndelivered');
  assert.equal(requestOf({ status: 'delivered' }).mistake, 'status');
  assert.equal(requestOf({ from: '2026-11-29T12:00', to: '2026-11-29T12:00' }).mistake, 'to');
  assert.ok(!statusesOf('').includes('delivered') && statusesOf('w').includes('delivered'));
});

const row = (id, status = 'retrying') => ({ id, status });

test('rows change in their place and new ones wait', () => {
  const news = withNews([row('b'), row('a')], [row('c'), row('b', 'failed'), row('a')], false);
  assert.deepEqual(news, { rows: [row('b', 'failed'), row('a')], added: 1, gone: 0 });
});

test('rows that left the list stay and are counted', () => {
  assert.deepEqual(withNews([row('b'), row('a')], [row('a')], false), { rows: [row('b'), row('a')], added: 0, gone: 1 });
  assert.equal(withNews([row('b'), row('a')], [], false).gone, 2);
});

test('rows that new ones pushed off the page did not leave', () => {
  assert.deepEqual(withNews([row('b'), row('a')], [row('c'), row('b')], true), { rows: [row('b'), row('a')], added: 1, gone: 0 });
});

test('nothing is new before a second page was read', () => {
  assert.deepEqual(withNews([row('a')], null, false), { rows: [row('a')], added: 0, gone: 0 });
  assert.deepEqual(withNews(undefined, [row('a')], false), { rows: undefined, added: 0, gone: 0 });
});
