import { useEffect, useRef, useState } from '../../lib/html.js';
import { draftName, draftOf, dropDraft, keepDraft } from './draft.js';
import { changedSettings, emptyForm, formOf } from './form.js';
import { usedSecrets } from './form_secrets.js';
import { formatJson, partOf } from './json_text.js';
import { secretsAgain } from './requests.js';
import { SAMPLES } from './variables.js';

/** A saved webhook, from the text of the API's answer. */
export function savedOf(text) {
  const value = (name) => JSON.parse(partOf(text, [name]) ?? 'null') ?? undefined;
  return { form: formOf(text), version: value('version'), secrets: value('secrets') ?? {}, bearer: value('bearer_secret'), status: value('status'), name: value('name') };
}

/**
 * What the composer holds: the form, the secrets that were typed, and a report of the reader's own. What is not saved is kept
 * as a draft, without secrets. `id` and `text` are those of a saved webhook.
 */
export function useComposer({ id, text }) {
  const name = draftName(id);
  const [draft, setDraft] = useState(() => draftOf(name));
  const [saved, setSaved] = useState(() => (text ? savedOf(text) : null));
  const [form, setForm] = useState(() => draft?.form ?? saved?.form ?? emptyForm());
  // The version that the reader began with: if it is another now, saving shows both.
  const [version, setVersion] = useState(() => draft?.version ?? saved?.version);
  const [secrets, setSecrets] = useState({ typed: {}, removed: [], bearer: undefined });
  const [own, setOwn] = useState(() => draft?.report ?? formatJson(SAMPLES.OBD));
  const known = Object.keys(saved?.secrets ?? {});
  const used = usedSecrets(form, [...known, ...Object.keys(secrets.typed)]);
  const changes = saved ? changedSettings(form, saved.form).length : changedSettings(form, emptyForm()).length;
  const typedNames = Object.keys(secrets.typed).filter((name) => secrets.typed[name]);
  const secretChanges = typedNames.length + secrets.removed.length + (secrets.bearer === undefined ? 0 : 1);
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
  /** Begins anew with what the API answered. */
  const take = (text) => {
    const next = savedOf(text);
    setSaved(next);
    setVersion(next.version);
    setDraft(null);
    setForm(next.form);
    setSecrets({ typed: {}, removed: [], bearer: undefined });
    return next;
  };
  const discard = () => {
    setForm(saved?.form ?? emptyForm());
    setSecrets({ typed: {}, removed: [], bearer: undefined });
    setOwn(formatJson(SAMPLES.OBD));
    setVersion(saved?.version);
    setDraft(null);
  };
  /** Ends the draft before the page is left for good. */
  const forget = () => {
    latest.current = null;
    dropDraft(name);
  };
  const again = secretsAgain(form, saved);
  const hasRow = (name) => used.some((secret) => secret.name === name);
  const isKept = (name) => known.includes(name) && !again.names.includes(name) && !secrets.removed.includes(name);
  const missing = [
    ...used.map(({ name }) => name).filter((name) => !secrets.typed[name] && !isKept(name)),
    ...again.names.filter((name) => !hasRow(name) && !secrets.typed[name] && !secrets.removed.includes(name)),
  ];
  return {
    id, form, setForm, saved, version, draft, setDraft, own, setOwn, used, known, again, missing, ...secrets, setTyped, setRemoved, setBearer,
    take, discard, forget, changes: changes + secretChanges,
  };
}
