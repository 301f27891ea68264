// Reads the list of webhooks, and changes and deletes its rows.
import { call } from '../../api/client.js';
import { useState } from '../../lib/html.js';
import { t } from '../../texts/index.js';
import { sentenceOf } from '../../components/note.js';
import { usePages } from '../../state/resource.js';
import { can } from '../../state/session.js';
import { sayDone, sayFailed } from '../../state/toasts.js';
import { forgetWebhookNames } from '../../state/webhook_names.js';
import { withChanges } from './changes.js';

const EVERY_MS = 30_000;

/**
 * The webhooks whose names contain `name`, page by page. `toggle` pauses or activates one, `remove` deletes one. If the webhook has changed
 * since it was read, both read it again and set `conflict`: `{ action, before, now }`, where `now` is `null` if it was deleted.
 */
export function useWebhookList(name) {
  const [changes, setChanges] = useState({});
  const [conflict, setConflict] = useState(null);
  const [busy, setBusy] = useState(null);
  const include = can('deliveries:read') ? 'summary' : undefined;
  const pages = usePages((cursor, signal) => call('listWebhooks', { query: { include, name, cursor }, signal }), [name], { every: EVERY_MS });
  const change = (id, webhook) => {
    setChanges((changes) => ({ ...changes, [id]: webhook }));
    forgetWebhookNames();
  };

  /** Sends a request for a row. After a conflict, reads the webhook again and sets `conflict`; throws other errors. */
  async function attempt(action, row, request) {
    setConflict(null);
    try {
      await request();
    } catch (error) {
      if (error.kind !== 'precondition' && error.kind !== 'not-found') throw error;
      const now = await readAgain(row.id);
      change(row.id, now);
      setConflict({ action, before: row, now });
    }
  }

  async function toggle(row) {
    const isActive = row.status === 'active';
    setBusy(row.id);
    try {
      await attempt('toggle', row, async () => {
        const changed = await call('changeWebhook', { params: { id: row.id }, body: { status: isActive ? 'inactive' : 'active' }, version: row.version });
        change(row.id, changed);
        sayDone(t(isActive ? 'webhooks.paused' : 'webhooks.activated', { name: row.name }));
      });
    } catch (error) {
      sayFailed(`${t('webhooks.failed', { name: row.name })} ${sentenceOf(error)}`, () => toggle(row));
    } finally {
      setBusy(null);
    }
  }

  const remove = (row) => attempt('remove', row, async () => {
    await call('deleteWebhook', { params: { id: row.id }, version: row.version });
    change(row.id, null);
    sayDone(t('webhooks.deleted', { name: row.name }));
  });

  return {
    pages: { ...pages, rows: withChanges(pages.rows, changes) },
    conflict, busy, toggle, remove,
    closeConflict: () => setConflict(null),
  };
}

/** Returns the current webhook; `null` if it was deleted. */
async function readAgain(id) {
  try {
    return await call('readWebhook', { params: { id } });
  } catch (error) {
    if (error.kind === 'not-found') return null;
    throw error;
  }
}
