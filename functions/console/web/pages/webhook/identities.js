// Identities of subscriptions, which select the reports that a webhook gets.

/** The kinds of identities. */
export const KINDS = ['all', 'number', 'flow', 'source'];

/** The kind and the value of an identity. */
export function partsOf(identity) {
  const at = identity.indexOf(':');
  return at < 0 ? { kind: identity, value: '' } : { kind: identity.slice(0, at), value: identity.slice(at + 1) };
}

/** The identity for a chosen kind and value. The API refuses spaces, so they are removed. */
export const identityOf = (kind, value) => (kind === 'all' ? 'all' : `${kind}:${value.replace(/\s+/g, '')}`);
