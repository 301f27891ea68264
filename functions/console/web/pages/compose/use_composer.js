import { useEffect, useRef, useState } from '../../lib/html.js';
import { draftName, draftOf, dropDraft, keepDraft } from './draft.js';
import { changedSettings, emptyForm, formOf, formSince } from './form.js';
import { usedSecrets } from './form_secrets.js';
import { formatJson, partOf } from './json_text.js';
import { secretsAgain } from './requests.js';
import { missingSecrets, typedSince } from './secret_values.js';
import { SAMPLES } from './variables.js';

/** A saved webhook, from the text of the API's answer. */
export function savedOf(text) {
  const value = (name) => JSON.parse(partOf(text, [name]) ?? 'null') ?? undefined;
  return { form: formOf(text), version: value('version'), secrets: value('secrets') ?? {}, bearer: value('bearer_secret'), status: value('status'), name: value('name') };
}

/**
 * The composer's state: the form, typed secrets, and the reader's own report. Unsaved changes are stored
 * as a draft, without secrets. `id` and `text` are those of a saved webhook.
 */
export function useComposer({ id, text }) {
  const name = draftName(id);
  const [draft, setDraft] = useState(() => draftOf(name));
  const [saved, setSaved] = useState(() => (text ? savedOf(text) : null));
  const [form, setForm] = useState(() => draft?.form ?? saved?.form ?? emptyForm());
  // The version that the reader began with: if the saved one differs, saving shows both.
  const [version, setVersion] = useState(() => draft?.version ?? saved?.version);
  const [secrets, setSecrets] = useState({ typed: {}, removed: [], bearer: undefined });
  const [own, setOwn] = useState(() => draft?.report ?? formatJson(SAMPLES.OBD));
  const known = Object.keys(saved?.secrets ?? {});
  const used = usedSecrets(form, [...known, ...Object.keys(secrets.typed)]);
  const changes = saved ? changedSettings(form, saved.form).length : changedSettings(form, emptyForm()).length;
  const typedNames = Object.entries(secrets.typed).filter(([, value]) => value).map(([name]) => name);
  // Values of names that no template uses any more are not sent.
  const sentNames = typedNames.filter((name) => known.includes(name) || used.some((secret) => secret.name === name));
  const secretChanges = sentNames.length + secrets.removed.length + (secrets.bearer === undefined ? 0 : 1);
  const isChanged = changes > 0;
  const isOwn = own !== formatJson(SAMPLES.OBD);

  const latest = useRef(null);
  latest.current = () => {
    if (isChanged || isOwn) keepDraft(name, { form, version, report: isOwn ? own : undefined, secretNames: typedNames });
    else dropDraft(name);
  };
  useEffect(() => {
    const timer = setTimeout(() => latest.current?.(), 250);
    return () => clearTimeout(timer);
  }, [form, own, secrets, version]);
  useEffect(() => {
    const keep = () => latest.current?.();
    window.addEventListener('pagehide', keep);
    return () => {
      window.removeEventListener('pagehide', keep);
      keep();
    };
  }, []);

  const setTyped = (name, value) => setSecrets((secrets) => ({ ...secrets, typed: { ...secrets.typed, [name]: value } }));
  const setRemoved = (name, isRemoved) => setSecrets((secrets) => {
    const others = secrets.removed.filter((other) => other !== name);
    return { ...secrets, removed: isRemoved ? [...others, name] : others };
  });
  const setBearer = (bearer) => setSecrets((secrets) => ({ ...secrets, bearer }));
  /** Starts again from the API's response. With `sent`, changes that were typed after it (form and secrets) stay. */
  const take = (text, sent) => {
    const next = savedOf(text);
    setSaved(next);
    setVersion(next.version);
    setDraft(null);
    setForm((now) => (sent ? formSince(now, sent.form, next.form) : next.form));
    setSecrets((now) => (sent ? typedSince(now, sent) : { typed: {}, removed: [], bearer: undefined }));
  };
  const discard = () => {
    setForm(saved?.form ?? emptyForm());
    setSecrets({ typed: {}, removed: [], bearer: undefined });
    setOwn(formatJson(SAMPLES.OBD));
    setVersion(saved?.version);
    setDraft(null);
  };
  const newest = useRef(null);
  newest.current = { form, typed: secrets.typed, own: isOwn ? own : undefined };
  /** Ends the draft of a new webhook. Changes that were typed after `sent` become the draft of the new webhook. */
  const handOn = (made, sent) => {
    const now = newest.current;
    latest.current = null;
    dropDraft(name);
    const since = typedSince({ removed: [], ...now }, { removed: [], ...sent });
    const secretNames = Object.keys(since.typed).filter((name) => since.typed[name]);
    const isTypedSince = changedSettings(now.form, sent.form).length > 0 || secretNames.length > 0;
    if (isTypedSince || now.own) keepDraft(draftName(made.id), { form: now.form, version: made.version, report: now.own, secretNames });
  };
  const again = secretsAgain(form, saved);
  const missing = missingSecrets({ used: used.map(({ name }) => name), typed: secrets.typed, known, again: again.names, removed: secrets.removed });
  return {
    id, form, setForm, saved, version, draft, setDraft, own, setOwn, used, known, again, missing, ...secrets, setTyped, setRemoved, setBearer,
    take, discard, handOn, changes: changes + secretChanges,
  };
}
