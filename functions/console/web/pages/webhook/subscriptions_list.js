// The subscriptions of one webhook, out of the list of all that an account has.

/** How many pages of the account's list are read for a page of the webhook's. */
const MAX_READS = 10;

/**
 * A page of the subscriptions of a webhook: reads pages of the account's list with `list(cursor)` until one has some of
 * the webhook, or there have been ten. What cannot be read is left out: the list does not say whose it is.
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
