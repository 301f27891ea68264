// Short forms of ids.

/**
 * The end of an id. Ids begin with a time (UUID version 7), so those of one minute have the same first characters.
 */
export const shortId = (id) => `…${String(id).slice(-8)}`;
