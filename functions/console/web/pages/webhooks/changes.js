// Changes of rows that the list, as it was read, does not show yet.

/**
 * The rows with `changes`: by id, the webhook as it is now, or `null` if it was deleted. A row of the same version or a later one was read after
 * the change and stays. Answers to changes have no summary and no health: the one stays, the other begins anew.
 */
export function withChanges(rows, changes) {
  return rows?.filter(({ id }) => changes[id] !== null).map((row) => {
    const changed = changes[row.id];
    if (!changed || row.unreadable || changed.version <= row.version) return row;
    return { ...changed, summary: row.summary };
  });
}
