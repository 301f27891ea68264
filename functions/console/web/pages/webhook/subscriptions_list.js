// Finds the subscriptions of one webhook in the account's list.

/** The most pages of the account's list that are read for one page of the webhook's. */
const MAX_READS = 10;

/**
 * Returns a page of a webhook's subscriptions: reads pages of the account's list with `list(cursor)` until one has some of
 * the webhook, but at most ten. Omits unreadable subscriptions: the list does not say to which webhook they belong.
 */
export async function pageOfWebhook(id, cursor, list) {
  const found = [];
  let next = cursor;
  for (let reads = 0; reads < MAX_READS; reads += 1) {
    const page = await list(next);
    found.push(...page.data.filter((row) => row.webhook_id === id));
    next = page.next_cursor;
    if (found.length || next === null) break;
  }
  return { data: found, next_cursor: next };
}
