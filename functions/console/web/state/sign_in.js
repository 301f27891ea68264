// Signing in: the API describes the key.
import { call } from '../api/client.js';
import { key, session, signIn } from './session.js';

let turn = 0;

/**
 * Reads the description of a key, and begins a session with it; a platform key may name the account it acts for. Returns `false`, and changes
 * nothing, if another key or account was chosen meanwhile. Throws `ApiError`.
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

/** Signs in with a key. A platform key then acts for the account of a locked session. */
export async function signInWith(used) {
  const { who, accountId } = session.get();
  const isWanted = () => session.get().who === who;
  if (!accountId) return begin(used, null, isWanted);
  const found = await call('readKey', { as: used });
  return begin(used, found.scopes.includes('platform') ? accountId : null, isWanted);
}

/** Makes a platform key act for another account, or for none. */
export function actFor(accountId) {
  const used = key();
  return begin(used, accountId, () => key() === used);
}
