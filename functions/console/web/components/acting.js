// Which account a key of the platform acts for: its buttons say why if a change fails.
import { go } from '../state/router.js';
import { actFor } from '../state/sign_in.js';
import { sayFailed } from '../state/toasts.js';
import { sentenceOf } from './note.js';

/** Has the platform's key act for an account, and opens its overview. */
export async function actForAccount(account) {
  try {
    await actFor(account.id);
    go('/');
  } catch (error) {
    sayFailed(sentenceOf(error), () => actForAccount(account));
  }
}

/** Has the platform's key act for no account, and shows the accounts. */
export async function stopActing() {
  try {
    await actFor(null);
    go('/accounts');
  } catch (error) {
    sayFailed(sentenceOf(error), stopActing);
  }
}
