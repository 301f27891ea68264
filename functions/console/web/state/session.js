// Who is signed in: the key, what it may do, and the account that is looked at. The key stays in memory and in the tab's
// sessionStorage, so that a reload does not sign out and another tab does not get it.
import { signal } from '../lib/signal.js';
import { read, write } from '../lib/storage.js';

const STORED = 'callhook.key';
const STORED_ACCOUNT = 'callhook.account';

/**
 * `key`, `who` (the answer of `GET /v1/key`; `null` until it is there), `accountId` (that a platform key acts for), and
 * `ended`: why the last session ended (`key`, `chosen`).
 */
export const session = signal({ key: null, who: null, accountId: null, ended: null });

const change = (changes) => session.set({ ...session.get(), ...changes });

export const key = () => session.get().key;

/** The account that a platform key acts for; `null` for a key of an account. */
export const accountId = () => session.get().accountId;

/** The account that is looked at, as far as the key may see it. */
export const account = () => session.get().who?.account ?? null;

/** The time zone in which times are shown. */
export const zone = () => account()?.time_zone ?? 'UTC';

/** Whether the key has a scope. */
export const can = (scope) => session.get().who?.scopes.includes(scope) ?? false;

/** Whether the key belongs to the platform. */
export const isPlatform = () => can('platform');

/** Whether the key reaches one webhook only. */
export const onlyWebhook = () => session.get().who?.webhook_id ?? null;

/** Takes a key out of the address bar (`#key=…`), so that it is in no history, else the one that the tab had. */
export function keyOfPage(location, history) {
  const found = /^#key=(chk_[\w-]+)$/.exec(location.hash);
  if (location.hash.startsWith('#key=')) history.replaceState(null, '', `${location.pathname}${location.search}#/`);
  if (found) {
    write('sessionStorage', STORED_ACCOUNT, null);
    return found[1];
  }
  return read('sessionStorage', STORED);
}

/** The account that the tab looked at, of a platform key. */
export const storedAccount = () => read('sessionStorage', STORED_ACCOUNT);

/** Begins a session with a key that was checked. */
export function signIn(key, who, accountId = null) {
  write('sessionStorage', STORED, key);
  write('sessionStorage', STORED_ACCOUNT, accountId);
  session.set({ key, who, accountId, ended: null });
}

/** Ends the session. `why` is `key` if the API refused the key. */
export function signOut(why = 'chosen') {
  if (!session.get().key) return;
  write('sessionStorage', STORED, null);
  write('sessionStorage', STORED_ACCOUNT, null);
  session.set({ key: null, who: null, accountId: null, ended: why });
}

/** Looks at what changed of the account itself. */
export const setWho = (who) => change({ who });
