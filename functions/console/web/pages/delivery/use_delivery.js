import { useEffect, useState } from '../../lib/html.js';
import { call } from '../../api/client.js';
import { useResource } from '../../state/resource.js';
import { can } from '../../state/session.js';
import { readingOf } from '../report/report.js';

const EVERY_MS = 3_000;
const WEBHOOK_EVERY_MS = 15_000;

/** The time within which a resend appears in the log. */
const PATIENCE_MS = 60_000;

/**
 * A delivery with the text of its report (`text`), reloaded while it is pending or a resend is awaited, and its webhook if the key may
 * read it. `resent` gets the id of a resend; `awaited` is that id until the log shows its attempt.
 */
export function useDelivery(id) {
  const [every, setEvery] = useState(undefined);
  const [awaited, setAwaited] = useState(null);
  const delivery = useResource((signal) => call('readDelivery', { params: { id }, asText: true, signal }).then(readingOf), [id], { every });
  const { data } = delivery;
  const isWaiting = data?.status === 'retrying' || data?.status === 'pending';
  useEffect(() => setEvery(isWaiting || awaited ? EVERY_MS : undefined), [isWaiting, awaited]);
  useEffect(() => {
    if (awaited && data?.attempts.some(({ resend_id: id }) => id === awaited)) setAwaited(null);
  }, [data, awaited]);
  useEffect(() => {
    if (!awaited) return undefined;
    const timer = setTimeout(() => setAwaited(null), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [awaited]);
  const webhookId = id.split('.')[0];
  const readWebhook = (signal) => (can('webhooks:read') ? call('readWebhook', { params: { id: webhookId }, signal }) : null);
  const webhook = useResource(readWebhook, [webhookId], { every: isWaiting ? WEBHOOK_EVERY_MS : undefined });
  return { ...delivery, webhook: webhook.data ?? null, isDeleted: webhook.error?.kind === 'not-found', reloadWebhook: webhook.reload, awaited, resent: setAwaited };
}
