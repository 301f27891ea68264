// The scopes and lifetimes of keys, without components.

/** All scopes, as lists show them. */
export const SCOPES = ['webhooks:read', 'webhooks:write', 'deliveries:read', 'deliveries:write', 'reports:write', 'reports:erase', 'platform'];

/** The scopes that a key may grant to a new key of an account, or of the platform. */
export const grantable = (scopes, ofPlatform) => SCOPES.filter((scope) => scopes.includes(scope) && (ofPlatform || scope !== 'platform'));

/** Presets of scopes: a name, and those of its scopes that may be granted. Links have other presets than keys. */
export function presetsOf(given, isLink = false) {
  const read = ['read', ['webhooks:read', 'deliveries:read']];
  const presets = isLink ? [read, ['manage', ['webhooks:read', 'webhooks:write', 'deliveries:read', 'deliveries:write', 'reports:write']]]
    : [read, ['engine', ['reports:write']], ['all', given]];
  return presets.map(([name, scopes]) => [name, scopes.filter((scope) => given.includes(scope))]).filter(([, scopes]) => scopes.length);
}

/** A word for scopes: `all`, or `read` for those that only read; `null` if the scopes are to be listed. */
export function wordOf(scopes, ofPlatform) {
  const all = SCOPES.filter((scope) => ofPlatform || scope !== 'platform');
  if (all.every((scope) => scopes.includes(scope))) return 'all';
  return scopes.length === 2 && scopes.every((scope) => scope.endsWith(':read')) ? 'read' : null;
}

/** Adds a scope to a list or removes it, in the order of `SCOPES`. */
export const toggled = (scopes, scope) => SCOPES.filter((other) => (other === scope ? !scopes.includes(scope) : scopes.includes(other)));

/** Choices of days until a new key expires. The empty one is the longest allowed; `other` is typed. */
export const DAYS = ['', '7', '30', '90', '365', 'other'];

/** Choices of a link's lifetime in seconds; `other` is typed in minutes. */
export const SECONDS = ['900', '3600', '28800', '86400', 'other'];

/** The body that creates a key. */
export function keyBody({ name, scopes, days, otherDays, webhookId }) {
  const chosen = days === 'other' ? otherDays : days;
  return {
    name: name.trim(),
    scopes,
    ...(chosen && { expires_in_days: Number(chosen) }),
    ...(webhookId?.trim() && { webhook_id: webhookId.trim() }),
  };
}

/** The body that creates a link. */
export function linkBody({ name, scopes, seconds, otherMinutes, webhookId }) {
  return {
    scopes,
    expires_in_seconds: seconds === 'other' ? Math.round(Number(otherMinutes) * 60) : Number(seconds),
    ...(name.trim() && { name: name.trim() }),
    ...(webhookId?.trim() && { webhook_id: webhookId.trim() }),
  };
}

/** The most requests of one click that revokes keys. Each revokes up to 100. */
const MOST_REQUESTS = 50;

/**
 * Revokes keys with `step()`, which returns `{ revoked, is_complete }`, until none is left or the limit of requests is reached.
 * `onProgress` gets the number so far. Returns `{ revoked, isComplete }`.
 */
export async function revokeInSteps(step, onProgress) {
  let revoked = 0;
  for (let requests = 0; requests < MOST_REQUESTS; requests += 1) {
    const answer = await step();
    revoked += answer.revoked;
    if (answer.is_complete) return { revoked, isComplete: true };
    onProgress(revoked);
    if (!answer.revoked) break;
  }
  return { revoked, isComplete: false };
}

/** Whether a key has expired. */
export const isExpired = (key, now = Date.now()) => Boolean(key.expires_at) && Date.parse(key.expires_at) <= now;
