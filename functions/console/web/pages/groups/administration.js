// Keys and accounts: a chunk with its texts and styles.
// The console is loaded already. Because of this import, the bundler keeps all of its modules in one chunk.
import '../../main.js';
import { addStyles } from '../../lib/styles.js';
import { administration } from '../../texts/en/administration.js';
import { addTexts } from '../../texts/index.js';
import styles from './administration.css?text';

addStyles(styles);
addTexts(administration);

export { Account } from '../account/page.js';
export { Accounts } from '../accounts/page.js';
export { Keys } from '../keys/page.js';
