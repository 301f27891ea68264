// What was typed and not saved, kept in the tab: a reload or a key that expired loses nothing but secrets.
import { read, write } from '../../lib/storage.js';
import { account, DRAFTS, session } from '../../state/session.js';
import { row } from './form.js';
import { withoutSecrets } from './form_secrets.js';

/** The name of the draft of a webhook, or of a new one, in the account that is looked at. */
export const draftName = (webhookId) => `${ofAccount()}${webhookId ?? 'new'}`;

const ofAccount = () => `${DRAFTS}${account()?.id ?? ''}.`;

/** Keeps a form, the version it began with, and a report of the reader's own. Values of secrets are not kept. */
export function keepDraft(name, { form, version, report, secretNames }) {
  // The page goes when the session ends or another account's begins, and must not keep what was just forgotten.
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
