// Identities of subscriptions: which reports of an event a webhook gets.

/** The kinds of identities. */
export const KINDS = ['all', 'number', 'flow', 'source'];

/** The kind and the value of an identity. */
export function partsOf(identity) {
  const at = identity.indexOf(':');
  return at < 0 ? { kind: identity, value: '' } : { kind: identity.slice(0, at), value: identity.slice(at + 1) };
}

/** An identity of a kind and a value as they are chosen. Spaces do not count, and the API takes none. */
export const identityOf = (kind, value) => (kind === 'all' ? 'all' : `${kind}:${value.replace(/\s+/g, '')}`);
