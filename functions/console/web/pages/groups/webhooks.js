// The list of webhooks: a chunk.
// The console is loaded already. Because of this import, the bundler keeps all of its modules in one chunk.
import '../../main.js';

export { Webhooks } from '../webhooks/page.js';
