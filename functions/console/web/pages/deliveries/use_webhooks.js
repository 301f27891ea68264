import { call } from '../../api/client.js';
import { useResource } from '../../state/resource.js';
import { can } from '../../state/session.js';

const EVERY_MS = 15_000;

/**
 * The webhooks of the shown rows by id, with health and settings: read once, and repeatedly while `isWatched`. Empty if the
 * key may not read webhooks; of more than 100 webhooks, only the newest 100 are read.
 */
export function useWebhooks(ids, isWatched) {
  const chosen = can('webhooks:read') ? [...new Set(ids)].sort() : [];
  const load = async (signal) => {
    if (!chosen.length) return new Map();
    if (chosen.length === 1) return new Map([[chosen[0], await call('readWebhook', { params: { id: chosen[0] }, signal })]]);
    const { data } = await call('listWebhooks', { query: { limit: 100 }, signal });
    return new Map(data.filter(({ unreadable }) => !unreadable).map((webhook) => [webhook.id, webhook]));
  };
  const { data } = useResource(load, [chosen.join()], { every: isWatched && chosen.length ? EVERY_MS : undefined });
  return data ?? new Map();
}

/** Whether rows wait for an attempt. */
export const isWaiting = ({ status }) => status === 'retrying' || status === 'pending';
