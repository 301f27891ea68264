// The session: the key, its scopes, and the shown account. The key stays in memory and in the tab's
// sessionStorage, so that a reload does not sign out and another tab does not get it.
import { signal } from '../lib/signal.js';
import { names, read, write } from '../lib/storage.js';

const STORED = 'callhook.key';
const STORED_ACCOUNT = 'callhook.account';

/** The prefix of names of drafts in the tab's sessionStorage. An account's id and a dot follow. */
export const DRAFTS = 'callhook.draft.';

const none = { key: null, who: null, accountId: null };

/**
 * The session: `key`, `who` (the response of `GET /v1/key`; `null` until it arrives), `accountId` (that a platform key acts for),
 * `count` (of sessions so far), and `ended`, the reason why the last session ended: `chosen`, `key` (the API refused it), `link`
 * (another link was opened), or `malformed` (the key of that link has a wrong form). A session with `who` and without `key` is
 * locked: the API refused its key, and its page waits for another one, so that nothing typed is lost.
 */
export const session = signal({ ...none, count: 0, ended: null });

const change = (changes) => session.set({ ...session.get(), ...changes });

export const key = () => session.get().key;

/** The account that a platform key acts for; `null` for a key of an account. */
export const accountId = () => session.get().accountId;

/** The shown account, as far as the key may see it. */
export const account = () => session.get().who?.account ?? null;

/** The time zone in which times are shown: the account's, or UTC if the browser does not know that one. */
export const zone = () => knownZone(account()?.time_zone);

const zones = new Map();

function knownZone(name) {
  if (!name) return 'UTC';
  if (!zones.has(name)) {
    let known = name;
    try {
      new Intl.DateTimeFormat('en', { timeZone: name });
    } catch {
      known = 'UTC';
    }
    zones.set(name, known);
  }
  return zones.get(name);
}

/** Whether the key has a scope. */
export const can = (scope) => session.get().who?.scopes.includes(scope) ?? false;

/** Whether the key belongs to the platform. */
export const isPlatform = () => can('platform');

/** Whether the key reaches one webhook only. */
export const onlyWebhook = () => session.get().who?.webhook_id ?? null;

/** Whether an address is a link that signs in. */
export const isLinkWithKey = ({ hash }) => hash.startsWith('#key=');

/**
 * The key to begin with. Removes the key of a link from the address bar (`#key=…`), so that it is not in the history. Without a
 * link it is the tab's stored key. `isMalformed` says that a link's key has a wrong form; then there is no key to begin with.
 */
export function keyOfPage(location, history) {
  if (!isLinkWithKey(location)) return { key: read('sessionStorage', STORED), isMalformed: false };
  const key = /^#key=(chk_[\w-]+)$/.exec(location.hash)?.[1] ?? null;
  history.replaceState(null, '', `${location.pathname}${location.search}#/`);
  write('sessionStorage', STORED, null);
  write('sessionStorage', STORED_ACCOUNT, null);
  return { key, isMalformed: !key };
}

/** The stored account that the tab's platform key acted for. */
export const storedAccount = () => read('sessionStorage', STORED_ACCOUNT);

/** Begins a session with a checked key, or unlocks the locked one. */
export function signIn(key, who, accountId = null) {
  const before = session.get();
  const isLocked = Boolean(before.who && !before.key);
  const goesOn = isLocked && continues(before.who, who);
  if (isLocked && !goesOn) signOut('link');
  write('sessionStorage', STORED, key);
  write('sessionStorage', STORED_ACCOUNT, accountId);
  if (!who.scopes.includes('platform')) forgetDrafts(who.account?.id);
  session.set({ key, who, accountId, count: before.count + (goesOn ? 0 : 1), ended: null });
}

/**
 * Whether the page may continue with another key: one of the same account, or a platform key for a platform
 * key.
 */
export function continues(before, now) {
  const isOfPlatform = (who) => who.scopes.includes('platform');
  if (isOfPlatform(before) || isOfPlatform(now)) return isOfPlatform(before) && isOfPlatform(now) && before.account?.id === now.account?.id;
  return Boolean(now.account) && before.account?.id === now.account.id;
}

/** Ends the session, or locks it if the API refused the key of a page. `why` is a value of `ended`. */
export function signOut(why = 'chosen') {
  const { key, who } = session.get();
  if (why === 'key' && !key) return;
  write('sessionStorage', STORED, null);
  write('sessionStorage', STORED_ACCOUNT, null);
  if (why === 'chosen') forgetDrafts();
  if (why === 'key' && who) change({ key: null, ended: why });
  else change({ ...none, ended: why });
}

/** Runs `forget()` when the reader signs out or opens another link. */
export const onSignOut = (forget) => session.subscribe(({ who, ended }) => {
  if (!who && ended && ended !== 'key') forget();
});

/** Deletes the drafts in the tab, except those of an account. */
function forgetDrafts(accountId) {
  names('sessionStorage')
    .filter((name) => name.startsWith(DRAFTS) && !(accountId && name.startsWith(`${DRAFTS}${accountId}.`)))
    .forEach((name) => write('sessionStorage', name, null));
}

/** Updates the account after it was changed. */
export const setWho = (who) => change({ who });
