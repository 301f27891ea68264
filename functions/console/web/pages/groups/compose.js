// The composer: a chunk with its texts and styles.
// The console is loaded already. Because of this import, the bundler keeps all of its modules in one chunk.
import '../../main.js';
import { addStyles } from '../../lib/styles.js';
import { compose } from '../../texts/en/compose.js';
import { addTexts } from '../../texts/index.js';
import styles from './compose.css?text';

addStyles(styles);
addTexts(compose);

export { Compose } from '../compose/page.js';
