// One webhook and its replays: a chunk with its texts and styles.
// The console is loaded already. Because of this import, the bundler keeps all of its modules in one chunk.
import '../../main.js';
import { addStyles } from '../../lib/styles.js';
import { webhook } from '../../texts/en/webhook.js';
import { addTexts } from '../../texts/index.js';
import styles from './webhook.css?text';

addStyles(styles);
addTexts(webhook);

export { Replay } from '../replays/page.js';
export { Webhook } from '../webhook/page.js';
