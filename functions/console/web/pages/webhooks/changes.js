// Applies changes that the loaded list does not show yet.

/**
 * Applies `changes` to rows: by id, the changed webhook, or `null` if it was deleted. A row of the same or a later version was read after the
 * change and stays. Responses to changes have no summary and no health: the summary stays, the health starts again.
 */
export function withChanges(rows, changes) {
  return rows?.filter(({ id }) => changes[id] !== null).map((row) => {
    const changed = changes[row.id];
    if (!changed || row.unreadable || changed.version <= row.version) return row;
    return { ...changed, summary: row.summary };
  });
}
