// The first steps of a new account: a chunk.
// The console is loaded already. With it here, the bundler puts all that it consists of into one chunk.
import '../../main.js';

export { Guide } from '../overview/guide.js';
