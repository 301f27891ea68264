import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pageOfWebhook } from './subscriptions_list.js';

const lists = (pages) => async (cursor) => pages[cursor ?? 0];

test('pages without subscriptions of the webhook are passed over', async () => {
  const pages = [{ data: [{ webhook_id: 'b' }], next_cursor: 1 }, { data: [{ id: 1, webhook_id: 'a' }, { id: 2, unreadable: true }], next_cursor: 2 }];
  assert.deepEqual(await pageOfWebhook('a', undefined, lists(pages)), { data: [{ id: 1, webhook_id: 'a' }], next_cursor: 2 });
});

test('the end of the list ends it', async () => {
  assert.deepEqual(await pageOfWebhook('a', undefined, lists([{ data: [], next_cursor: null }])), { data: [], next_cursor: null });
});

test('ten pages are read at most', async () => {
  let reads = 0;
  const page = await pageOfWebhook('a', undefined, async () => ({ data: [], next_cursor: (reads += 1) }));
  assert.equal(reads, 10);
  assert.deepEqual(page, { data: [], next_cursor: 10 });
});
