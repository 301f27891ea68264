// Signing in: the API says what a key is.
import { call } from '../api/client.js';
import { key, signIn } from './session.js';

/** Signs in with a key; a platform key may name the account it acts for. Throws `ApiError`. */
export async function signInWith(key, accountId = null) {
  const who = await call('readKey', { as: key, actFor: accountId });
  signIn(key, who, accountId);
}

/** Has a platform key act for another account, or for none. */
export const actFor = (accountId) => signInWith(key(), accountId);
