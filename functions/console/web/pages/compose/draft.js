// Unsaved changes, stored in the tab: a reload or an expired key loses only secrets.
import { read, write } from '../../lib/storage.js';
import { account, DRAFTS, session } from '../../state/session.js';
import { row } from './form.js';
import { withoutSecrets } from './form_secrets.js';

/** The name of the draft of a webhook, or of a new one, in the shown account. */
export const draftName = (webhookId) => `${ofAccount()}${webhookId ?? 'new'}`;

const ofAccount = () => `${DRAFTS}${account()?.id ?? ''}.`;

/** Stores a form, the version it began with, and the reader's own report. Values of secrets are not stored. */
export function keepDraft(name, { form, version, report, secretNames }) {
  // The page closes when the session ends or another account's begins, and must not store a draft that was just deleted.
  if (!session.get().key || !name.startsWith(ofAccount())) return;
  const { form: kept, lost } = withoutSecrets(form);
  write('sessionStorage', name, JSON.stringify({ form: kept, version, report, lost: [...lost, ...secretNames] }));
}

/** The draft of that name, or `null`. Its rows get new ids. */
export function draftOf(name) {
  try {
    const draft = JSON.parse(read('sessionStorage', name));
    if (!draft?.form) return null;
    const anew = (rows) => rows.map(({ name, value }) => row(name, value));
    const { headers, body } = draft.form;
    return { ...draft, form: { ...draft.form, headers: anew(headers), body: { ...body, rows: anew(body.rows) } } };
  } catch {
    return null;
  }
}

export const dropDraft = (name) => write('sessionStorage', name, null);
