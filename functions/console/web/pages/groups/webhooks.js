// The list of webhooks: a chunk.
// The console is loaded already. With it here, the bundler puts all that it consists of into one chunk.
import '../../main.js';

export { Webhooks } from '../webhooks/page.js';
