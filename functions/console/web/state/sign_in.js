// Signing in: the API says what a key is.
import { call } from '../api/client.js';
import { key, session, signIn } from './session.js';

let turn = 0;

/**
 * Reads what a key is, and begins a session with it; a platform key may name the account it acts for. Answers `false`, and changes
 * nothing, if another key or account was asked for meanwhile. Throws `ApiError`.
 */
async function begin(used, accountId, isWanted) {
  turn += 1;
  const mine = turn;
  const isLast = () => mine === turn && isWanted();
  try {
    const who = await call('readKey', { as: used, actFor: accountId });
    if (isLast()) signIn(used, who, accountId);
    return isLast();
  } catch (error) {
    if (isLast()) throw error;
    return false;
  }
}

/** Signs in with a key. A platform key goes on to act for the account of a session that is locked. */
export async function signInWith(used) {
  const { who, accountId } = session.get();
  const isWanted = () => session.get().who === who;
  if (!accountId) return begin(used, null, isWanted);
  const found = await call('readKey', { as: used });
  return begin(used, found.scopes.includes('platform') ? accountId : null, isWanted);
}

/** Has a platform key act for another account, or for none. */
export function actFor(accountId) {
  const used = key();
  return begin(used, accountId, () => key() === used);
}
