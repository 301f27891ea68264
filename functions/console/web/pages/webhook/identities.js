// Identities of subscriptions: which reports of an event a webhook gets.

/** The kinds of identities. */
export const KINDS = ['all', 'number', 'flow', 'source'];

/** The kind and the value of an identity. */
export function partsOf(identity) {
  const at = identity.indexOf(':');
  return at < 0 ? { kind: identity, value: '' } : { kind: identity.slice(0, at), value: identity.slice(at + 1) };
}

/** The identity for a chosen kind and value, without spaces, which the API refuses. */
export const identityOf = (kind, value) => (kind === 'all' ? 'all' : `${kind}:${value.replace(/\s+/g, '')}`);
