// The bodies of the composer's requests, as JSON text.
import { originOf } from '../../lib/urls.js';
import { changedSettings, settingsOf } from './form.js';
import { objectText } from './json_text.js';
import { valueIn } from './secret_values.js';

/** The placeholder of a secret's value in a preview, which shows `•••` for every value. Previews send no typed values. */
const STAND_IN = '"value"';

/** The secrets of a saved webhook that must be entered again because the form's URL has another origin. */
export function secretsAgain(form, saved) {
  if (!saved || !originOf(form.url) || originOf(form.url) === originOf(saved.form.url)) return { names: [], bearer: false };
  return { names: Object.keys(saved.secrets), bearer: saved.bearer !== undefined };
}

/** The member for a report, which is `{ sample }` or `{ text }`. */
const reportEntry = ({ sample, text }) => (text === undefined ? ['sample', JSON.stringify(sample)] : ['report', text]);

/**
 * The body of a preview. For a saved webhook it has the id and the changed settings. Each secret that is used, or must be
 * entered again, has a placeholder, so that the request can be shown before its secrets are set.
 */
export function previewText({ form, saved, id, used, removed = [], report }) {
  const again = secretsAgain(form, saved);
  const names = [...new Set([...used, ...again.names])].filter((name) => !removed.includes(name) && (again.names.includes(name) || !valueIn(saved?.secrets, name)));
  const secrets = [...names.map((name) => [name, STAND_IN]), ...removed.map((name) => [name, 'null'])];
  const settings = (saved ? changedSettings(form, saved.form) : settingsOf(form).filter(([, text]) => text !== 'null')).filter(([name]) => name !== 'name');
  if (secrets.length) settings.push(['secrets', objectText(secrets)]);
  if (again.bearer) settings.push(['bearer_secret', STAND_IN]);
  return objectText([...(saved ? [['webhook_id', JSON.stringify(id)]] : []), ['webhook', objectText(settings)], reportEntry(report)]);
}

/** The secrets in a request: the typed values of `names`, and `null` for those in `removed`. */
function secretEntries({ typed, names, removed = [] }) {
  const entries = names.filter((name) => valueIn(typed, name) && !removed.includes(name)).map((name) => [name, JSON.stringify(valueIn(typed, name))]);
  return [...entries, ...removed.map((name) => [name, 'null'])];
}

/** The body that creates a webhook. */
export function createText({ form, used, typed }) {
  const settings = settingsOf(form).filter(([, text]) => text !== 'null');
  const secrets = secretEntries({ typed, names: used });
  return objectText([...settings, ...(secrets.length ? [['secrets', objectText(secrets)]] : [])]);
}

/** The body that changes a webhook: the changed settings and the typed secrets. */
export function changeText({ form, saved, used, typed, removed, bearer }) {
  const settings = changedSettings(form, saved.form);
  const names = [...new Set([...used, ...Object.keys(saved.secrets)])];
  const secrets = secretEntries({ typed, names, removed });
  if (secrets.length) settings.push(['secrets', objectText(secrets)]);
  if (bearer !== undefined) settings.push(['bearer_secret', JSON.stringify(bearer)]);
  return objectText(settings);
}

/** The body of a test. */
export const testText = (report) => objectText([reportEntry(report)]);

/** The identity of the subscription for the chosen reports; `null` if the webhook gets none. */
export function identityOf({ which, number, flow, source }) {
  if (which === 'none') return null;
  return { all: 'all', number: `number:${number.trim()}`, flow: `flow:${flow.trim()}`, source: `source:${source}` }[which];
}

/** Whether the choice of reports lacks its number or flow. */
export const lacksIdentity = ({ which, number, flow }) => (which === 'number' && !number.trim()) || (which === 'flow' && !flow.trim());
