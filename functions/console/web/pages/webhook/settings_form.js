// The settings of a webhook as a form, their changes, and conflicts with changes elsewhere.
import { secondsOf, waitOf } from './schedule_times.js';

/** The settings of the form, in its order. */
export const SETTINGS = ['name', 'description', 'status', 'timeout_seconds', 'success_codes', 'max_per_second', 'retry', 'mask'];

/** Other settings. The form only names those that changed. */
const OTHERS = ['url', 'method', 'headers', 'body', 'secrets', 'bearer_secret', 'signing'];

/** The fields as they are typed. */
export function formOf(webhook) {
  return {
    name: webhook.name,
    description: webhook.description ?? '',
    status: webhook.status,
    timeout_seconds: String(webhook.timeout_seconds),
    success_codes: webhook.success_codes.join(', '),
    max_per_second: webhook.max_per_second === undefined ? '' : String(webhook.max_per_second),
    retry: webhook.retry.schedule.map(waitOf),
    mask: webhook.mask ?? [],
  };
}

/** A setting in the API's format; `null` if it is absent. */
export function savedValue(name, webhook) {
  if (name === 'mask') return webhook.mask?.length ? [...webhook.mask].sort() : null;
  return webhook[name] ?? null;
}

const wholeNumber = (text) => (/^\d+$/.test(text.trim()) ? Number(text) : undefined);

/** A typed setting in the API's format; `undefined` if it is invalid. */
function typedValue(name, form) {
  const typed = form[name];
  if (name === 'description') return typed.trim() === '' ? null : typed;
  if (name === 'timeout_seconds') return typed.trim() === '' ? null : wholeNumber(typed);
  if (name === 'max_per_second') return typed.trim() === '' ? null : wholeNumber(typed);
  if (name === 'success_codes') {
    const codes = typed.split(/[\s,;]+/).filter(Boolean).map(wholeNumber);
    if (codes.includes(undefined)) return undefined;
    return codes.length ? codes : null;
  }
  if (name === 'retry') {
    const schedule = typed.map(secondsOf);
    return schedule.includes(null) ? undefined : { schedule };
  }
  if (name === 'mask') return typed.length ? [...typed].sort() : null;
  return typed;
}

const isSame = (one, other) => JSON.stringify(one) === JSON.stringify(other);

/**
 * The changes that a save sends: `body` has only the changed settings, `unreadable` names those with invalid values, `isDirty`
 * says whether there is anything to save.
 */
export function changesOf(webhook, form) {
  const body = {};
  const unreadable = [];
  for (const name of SETTINGS) {
    const value = typedValue(name, form);
    if (value === undefined) unreadable.push(name);
    else if (!isSame(value, savedValue(name, webhook))) body[name] = value;
  }
  return { body, unreadable, isDirty: unreadable.length > 0 || Object.keys(body).length > 0 };
}

/** The settings that differ between a form and the saved webhook, each with the side to take by default. */
export function differences(base, form, saved) {
  const mine = changesOf(base, form).body;
  return SETTINGS.filter((name) => !isSame(typedValue(name, form), savedValue(name, saved)))
    .map((name) => ({ name, yours: typedValue(name, form), saved: savedValue(name, saved), choice: name in mine ? 'yours' : 'saved' }));
}

/** The names of the other settings that changed in the saved webhook. */
export const changedElsewhere = (base, saved) => OTHERS.filter((name) => !isSame(base[name], saved[name]));

/**
 * The form after a save: the saved value of each field that still has the sent value; values that were typed meanwhile stay.
 */
export function afterSave(form, sent, saved) {
  return merged(form, saved, SETTINGS.filter((name) => !isSame(form[name], sent[name])));
}

/** The form with the saved value of every setting except those in `kept`. */
export function merged(form, saved, kept) {
  const theirs = formOf(saved);
  return Object.fromEntries(SETTINGS.map((name) => [name, kept.includes(name) ? form[name] : theirs[name]]));
}
