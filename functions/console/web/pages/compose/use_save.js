import { useRef, useState } from '../../lib/html.js';
import { t } from '../../texts/index.js';
import { call } from '../../api/client.js';
import { useAction } from '../../state/resource.js';
import { go, place } from '../../state/router.js';
import { sayDone } from '../../state/toasts.js';
import { forgetWebhookNames } from '../../state/webhook_names.js';
import { storeCreated } from './created.js';
import { jumpTo } from './cursor.js';
import { located } from './problems.js';
import { changeText, createText, identityOf, lacksIdentity } from './requests.js';
import { savedOf } from './use_composer.js';

/**
 * Saves the composer's state. Returns `{ save, busy, error, refused, isWanted, firstProblem, conflict }`: `save()` says
 * whether it was saved, `refused` are the fields that the API named, `conflict` has the data for the dialog about a 412.
 */
export function useSave(composer, own) {
  const { id, form, version, used, typed, bearer, missing } = composer;
  const { busy, error, run, clear } = useAction();
  const [isWanted, setWanted] = useState(false);
  const [answer, setAnswer] = useState({ form: null, fields: [] });
  const [conflict, setConflict] = useState(null);
  const latest = useRef(null);
  latest.current = composer;
  // The API's messages apply only to the form that was sent.
  const refused = answer.form === form ? answer.fields : [];

  const blocking = () => {
    if (own.length) return own[0];
    if (missing.length) return { target: `secret:${missing[0]}` };
    if (composer.again.bearer && bearer === undefined) return { target: 'bearer_secret' };
    if (!id && lacksIdentity(form.reports)) return { target: 'reports' };
    return refused.length ? located(form, refused[0]) : null;
  };
  const create = async (tests) => {
    const made = await call('createWebhook', { bodyText: createText({ form, used: used.map(({ name }) => name), typed }) });
    forgetWebhookNames();
    const identity = identityOf(form.reports);
    let failure = null;
    if (identity) await call('createSubscription', { body: { identity, webhook_id: made.id } }).catch((error) => (failure = error));
    composer.handOn(made, { form, typed });
    storeCreated(made.id, { secret: made.secret, identity, error: failure, tests });
    const { sample, report } = place.get().query;
    go(`/webhooks/${made.id}/compose`, { sample, report, show: tests ? 'test' : undefined, step: 'created' }, { replace: true });
  };
  /**
   * Sends the reader's changes only, so that changes that others made meanwhile stay. Values that are typed before the
   * response arrives stay too.
   */
  const change = async (version) => {
    const sent = latest.current;
    const text = await call('changeWebhook', { params: { id }, version, bodyText: textOf(sent), asText: true });
    forgetWebhookNames();
    composer.take(text, sent);
    setWanted(false);
    sayDone(t('compose.save.saved'));
  };
  const askAbout = async () => {
    const text = await call('readWebhook', { params: { id }, asText: true });
    const theirs = savedOf(text);
    const close = () => setConflict(null);
    setConflict({
      theirs,
      onClose: close,
      onTake: () => {
        composer.take(text);
        close();
      },
      onOverwrite: async () => {
        await change(theirs.version);
        close();
      },
    });
  };
  /** Runs `action`; fields that the API refuses are shown at their places, not as an error. */
  const attempt = async (action) => {
    try {
      await action();
      return true;
    } catch (error) {
      if (error.kind === 'precondition') {
        await askAbout();
        return false;
      }
      if (!error.fields?.length) throw error;
      setAnswer({ form, fields: error.fields });
      const place = located(form, error.fields[0]);
      setTimeout(() => jumpTo(place));
      return false;
    }
  };
  /** Saves. With `tests`, the page of a new webhook begins with a test. */
  const save = async ({ tests = false } = {}) => {
    if (id && textOf(composer) === '{}') return true;
    setWanted(true);
    clear();
    const stop = refused.length ? null : blocking();
    if (stop) {
      setTimeout(() => jumpTo(stop));
      return false;
    }
    return (await run(() => attempt(id ? () => change(version) : () => create(tests)))) ?? false;
  };
  return { save, busy, error, refused, isWanted, firstProblem: isWanted ? blocking() : null, conflict };
}

/** The body that saves what the composer holds; `{}` if there is nothing to save. */
const textOf = ({ used, ...rest }) => changeText({ used: used.map(({ name }) => name), ...rest });
