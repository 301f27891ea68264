// The API request for the address of the deliveries page, and updates of its rows.
import { apiRange, isBackwards } from '../../lib/ranges.js';

/** Statuses to filter by in the list of a webhook. The list of an account has no `delivered`. */
export const statuses = ['failing', 'failed', 'retrying', 'pending', 'skipped', 'delivered'];

/** The statuses to filter by in the list of a webhook, or of the account. */
export const statusesOf = (webhookId) => (webhookId ? statuses : statuses.filter((status) => status !== 'delivered'));

/** All filters of the page. */
export const filters = ['webhook_id', 'status', 'from', 'to'];

/**
 * The operation and the parameters for the filters: the list of one webhook, else the account's undelivered deliveries.
 * `mistake` is the filter that makes a request pointless: `to` before `from`, or `delivered` without a webhook.
 */
export function requestOf(query) {
  const { webhook_id: webhookId, status } = query;
  const params = { status: status || undefined, ...apiRange(query) };
  const mistake = isBackwards(query) ? 'to' : status === 'delivered' && !webhookId ? 'status' : null;
  if (webhookId) return { name: 'listDeliveries', params: { id: webhookId }, query: params, mistake };
  return { name: 'listUndelivered', query: params, mistake };
}

/**
 * Updates the shown rows from a newer first page. No row moves: `added` counts the rows that are new on that page, `gone`
 * those that it no longer has although it reaches as far back.
 */
export function withNews(shown, fresh, hasMore) {
  if (!fresh || !shown) return { rows: shown, added: 0, gone: 0 };
  const newer = new Map(fresh.map((row) => [row.id, row]));
  const known = new Set(shown.map(({ id }) => id));
  const rows = shown.map((row) => newer.get(row.id) ?? row);
  const added = fresh.filter(({ id }) => !known.has(id)).length;
  const last = hasMore ? shown.findLastIndex(({ id }) => newer.has(id)) : shown.length - 1;
  const gone = shown.filter(({ id }, index) => index <= last && !newer.has(id)).length;
  return { rows, added, gone };
}
