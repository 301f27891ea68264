// Values of secrets by name. A name may be one that every object inherits (`constructor`, `__proto__`), so only own ones count.

/** The value that a record itself has for a name. */
export const valueIn = (record, name) => (record && Object.hasOwn(record, name) ? record[name] : undefined);

/** Names of secrets that are needed and have no value: `used` by a template, or to be given `again`. */
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
