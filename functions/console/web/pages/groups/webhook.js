// One webhook and its replays: a chunk with its texts and styles.
import { addStyles } from '../../lib/styles.js';
import { webhook } from '../../texts/en/webhook.js';
import { addTexts } from '../../texts/index.js';
import styles from './webhook.css?text';

addStyles(styles);
addTexts(webhook);

export { Replay } from '../replays/page.js';
export { Webhook } from '../webhook/page.js';
