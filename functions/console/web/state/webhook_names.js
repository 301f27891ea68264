// The names of the account's webhooks, for lists that hold their ids.
import { useEffect, useState } from 'preact/hooks';
import { call } from '../api/client.js';
import { t } from '../texts/index.js';
import { accountId, can, key, onSignOut } from './session.js';
import { shortId } from '../lib/ids.js';

const TTL_MS = 60_000;

/** Pages of 100: the most webhooks that an account has unless its quota was raised. */
const MOST_PAGES = 10;

const unread = new Map();

/** Whether the names were read, or reading them failed. */
export const areRead = (names) => names !== unread;

const nothing = { of: null, at: 0, names: null };
let cached = nothing;
onSignOut(() => {
  cached = nothing;
});

async function read() {
  const names = new Map();
  let cursor;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const answer = await call('listWebhooks', { query: { limit: 100, cursor } });
    for (const { id, name } of answer.data) names.set(id, name ?? null);
    cursor = answer.next_cursor;
    if (!cursor) break;
  }
  return new Map([...names].sort(([, a], [, b]) => (a ?? '').localeCompare(b ?? '')));
}

/** Reads the names at most once a minute, and once for all who ask at a time. */
function namesOf(of) {
  if (cached.of !== of || Date.now() - cached.at > TTL_MS) {
    const asked = { of, at: Date.now(), names: null };
    asked.names = read().catch((error) => {
      if (cached === asked) cached = nothing;
      throw error;
    });
    cached = asked;
  }
  return cached.names;
}

/** A map of ids to names, in the order of the names. It is empty until they are read, and stays empty if the key may not read webhooks. */
export function useWebhookNames() {
  const [names, setNames] = useState(unread);
  const isAllowed = can('webhooks:read');
  const of = `${key()} ${accountId() ?? ''}`;
  useEffect(() => {
    if (!isAllowed || !key()) return undefined;
    let isCurrent = true;
    namesOf(of).then((names) => isCurrent && setNames(names), () => isCurrent && setNames(new Map()));
    return () => {
      isCurrent = false;
    };
  }, [of, isAllowed]);
  return names;
}

/**
 * The filter for a webhook: a choice by name, or a text for the id if the key may not read webhooks. `chosen` is an option
 * too if it is not among the names, as the id of a deleted webhook.
 */
export function webhookFilter(names, chosen) {
  if (!can('webhooks:read')) return { name: 'webhook_id', label: t('ranges.webhookId') };
  const options = [...names].map(([id, name]) => [id, name ?? shortId(id)]);
  if (chosen && !names.has(chosen)) options.unshift([chosen, shortId(chosen)]);
  return { name: 'webhook_id', label: t('ranges.webhook'), options };
}
