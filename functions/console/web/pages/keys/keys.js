// What keys may do and how long they last, apart from what it looks like.

/** All scopes, as lists show them. */
export const SCOPES = ['webhooks:read', 'webhooks:write', 'deliveries:read', 'deliveries:write', 'reports:write', 'reports:erase', 'platform'];

/** The scopes that a key may give to a new one of an account, or of the platform. */
export const grantable = (scopes, ofPlatform) => SCOPES.filter((scope) => scopes.includes(scope) && (ofPlatform || scope !== 'platform'));

/** Choices of scopes that are made with one click: a name, and the scopes of it that may be given. A link has others than a key. */
export function presetsOf(given, isLink = false) {
  const read = ['read', ['webhooks:read', 'deliveries:read']];
  const presets = isLink ? [read, ['manage', ['webhooks:read', 'webhooks:write', 'deliveries:read', 'deliveries:write', 'reports:write']]]
    : [read, ['engine', ['reports:write']], ['all', given]];
  return presets.map(([name, scopes]) => [name, scopes.filter((scope) => given.includes(scope))]).filter(([, scopes]) => scopes.length);
}

/** A word for scopes: `all` of them, or those that only `read`; `null` if they are better listed. */
export function wordOf(scopes, ofPlatform) {
  const all = SCOPES.filter((scope) => ofPlatform || scope !== 'platform');
  if (all.every((scope) => scopes.includes(scope))) return 'all';
  return scopes.length === 2 && scopes.every((scope) => scope.endsWith(':read')) ? 'read' : null;
}

/** Adds a scope to a list or removes it, in the order of `SCOPES`. */
export const toggled = (scopes, scope) => SCOPES.filter((other) => (other === scope ? !scopes.includes(scope) : scopes.includes(other)));

/** Days after which a new key ends, as choices; an empty one is as late as may be, `other` is typed. */
export const DAYS = ['', '7', '30', '90', '365', 'other'];

/** Seconds that a link lasts, as choices; `other` is typed in minutes. */
export const SECONDS = ['900', '3600', '28800', '86400', 'other'];

/** The body that makes a key. */
export function keyBody({ name, scopes, days, otherDays, webhookId }) {
  const chosen = days === 'other' ? otherDays : days;
  return {
    name: name.trim(),
    scopes,
    ...(chosen && { expires_in_days: Number(chosen) }),
    ...(webhookId?.trim() && { webhook_id: webhookId.trim() }),
  };
}

/** The body that makes a link. */
export function linkBody({ name, scopes, seconds, otherMinutes, webhookId }) {
  return {
    scopes,
    expires_in_seconds: seconds === 'other' ? Math.round(Number(otherMinutes) * 60) : Number(seconds),
    ...(name.trim() && { name: name.trim() }),
    ...(webhookId?.trim() && { webhook_id: webhookId.trim() }),
  };
}

/** Requests of one click that revokes keys. Each revokes up to 100. */
const MOST_REQUESTS = 50;

/**
 * Revokes keys with `step()` until the API says that none is left, for a bounded number of requests: `{ revoked, is_complete }` each. `onProgress`
 * gets the number so far. Returns `{ revoked, isComplete }`.
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

/** Whether a key has ended. */
export const isExpired = (key, now = Date.now()) => Boolean(key.expires_at) && Date.parse(key.expires_at) <= now;
