// The first steps of a new account: a chunk.
// The console is loaded already. Because of this import, the bundler keeps all of its modules in one chunk.
import '../../main.js';

export { Guide } from '../overview/guide.js';
