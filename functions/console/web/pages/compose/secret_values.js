// Values of secrets by name. A name may be one that every object inherits (`constructor`, `__proto__`), so only own properties count.

/** The value of a record's own property. */
export const valueIn = (record, name) => (record && Object.hasOwn(record, name) ? record[name] : undefined);

/** The names of required secrets without a value: `used` by a template, or to be entered `again`. */
export function missingSecrets({ used, typed, known, again, removed }) {
  const isKept = (name) => known.includes(name) && !again.includes(name) && !removed.includes(name);
  return [
    ...used.filter((name) => !valueIn(typed, name) && !isKept(name)),
    ...again.filter((name) => !used.includes(name) && !valueIn(typed, name) && !removed.includes(name)),
  ];
}

/** The changes of secrets that were typed while a request sent `sent`: `{ typed, removed, bearer }` without the sent ones. */
export function typedSince({ typed, removed, bearer }, sent) {
  return {
    typed: Object.fromEntries(Object.entries(typed).filter(([name, value]) => value !== valueIn(sent.typed, name))),
    removed: removed.filter((name) => !sent.removed.includes(name)),
    bearer: bearer === sent.bearer ? undefined : bearer,
  };
}
