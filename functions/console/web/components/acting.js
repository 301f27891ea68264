// The account that a platform key acts for. Its buttons show why a change failed.
import { go, leave } from '../state/router.js';
import { actFor } from '../state/sign_in.js';
import { sayFailed } from '../state/toasts.js';
import { sentenceOf } from './note.js';

async function act(accountId, path) {
  try {
    if (await actFor(accountId)) go(path, {}, { agreed: true });
  } catch (error) {
    sayFailed(sentenceOf(error), () => act(accountId, path));
  }
}

/** Makes the platform key act for an account, and opens its overview. Returns a promise unless the reader is asked first. */
export const actForAccount = ({ id }) => leave(() => act(id, '/'));

/** Makes the platform key act for no account, and shows the accounts. */
export const stopActing = () => leave(() => act(null, '/accounts'));
