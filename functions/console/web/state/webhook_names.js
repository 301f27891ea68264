// The names of the account's webhooks, for lists that hold their ids.
import { useEffect, useState } from 'preact/hooks';
import { call } from '../api/client.js';
import { signal, useSignal } from '../lib/signal.js';
import { t } from '../texts/index.js';
import { accountId, can, key, onSignOut } from './session.js';
import { shortId } from '../lib/ids.js';

const TTL_MS = 60_000;

/** The most pages of 100 to read: all webhooks of an account unless its quota was raised. */
const MOST_PAGES = 10;

const unread = new Map();

/** The value while the names cannot be read. */
class UnknownNames extends Map {
  constructor(error) {
    super();
    this.error = error;
  }
}

/** Why the names could not be read, else `null`. */
export const errorOf = (names) => (names instanceof UnknownNames ? names.error : null);

/** Whether the names were read: no names mean no webhooks only then. */
export const areRead = (names) => names !== unread && !errorOf(names);

const nothing = { of: null, at: 0, names: null };
let cached = nothing;
onSignOut(() => {
  cached = nothing;
});

/** The count of changes of webhooks by the console. Each change reloads the names. */
const changes = signal(0);

/** Reloads the names. Call it when a webhook was created, renamed or deleted, or a read failed. */
export function forgetWebhookNames() {
  cached = nothing;
  changes.set(changes.get() + 1);
}

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

/** Reads the names at most once a minute; concurrent callers share one read. A failed read returns its error and is not cached. */
export function namesOf(of) {
  if (cached.of !== of || Date.now() - cached.at > TTL_MS) {
    const asked = { of, at: Date.now(), names: null };
    asked.names = read().catch((error) => {
      if (cached === asked) cached = nothing;
      return new UnknownNames(error);
    });
    cached = asked;
  }
  return cached.names;
}

/**
 * A map of ids to names, in the order of the names. It is empty until they are read (`areRead`), if reading them failed (`errorOf`), and
 * if the key may not read webhooks.
 */
export function useWebhookNames() {
  const isAllowed = can('webhooks:read');
  const of = `${key()} ${accountId() ?? ''}`;
  const [known, setKnown] = useState({ of, names: unread });
  const change = useSignal(changes);
  useEffect(() => {
    if (!isAllowed || !key()) return undefined;
    let isCurrent = true;
    namesOf(of).then((names) => {
      // Keep earlier names if a read fails.
      if (isCurrent) setKnown((known) => (errorOf(names) && known.of === of && areRead(known.names) ? known : { of, names }));
    });
    return () => {
      isCurrent = false;
    };
  }, [of, isAllowed, change]);
  return known.of === of ? known.names : unread;
}

/**
 * The filter for a webhook: a choice by name, or a text for the id if the key may not read webhooks. `chosen` is an option
 * even if it has no name, such as the id of a deleted webhook.
 */
export function webhookFilter(names, chosen) {
  if (!can('webhooks:read')) return { name: 'webhook_id', label: t('ranges.webhookId') };
  const options = [...names].map(([id, name]) => [id, name ?? shortId(id)]);
  if (chosen && !names.has(chosen)) options.unshift([chosen, shortId(chosen)]);
  return { name: 'webhook_id', label: t('ranges.webhook'), options };
}
