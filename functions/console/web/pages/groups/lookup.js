// Reports and deliveries: a chunk with its texts and styles.
// The console is loaded already. Because of this import, the bundler keeps all of its modules in one chunk.
import '../../main.js';
import { addStyles } from '../../lib/styles.js';
import { lookup } from '../../texts/en/lookup.js';
import { addTexts } from '../../texts/index.js';
import styles from './lookup.css?text';

addStyles(styles);
addTexts(lookup);

export { Deliveries } from '../deliveries/page.js';
export { Delivery } from '../delivery/page.js';
export { Report } from '../report/page.js';
export { Reports } from '../reports/page.js';
