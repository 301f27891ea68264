// For tests: all English texts, as if every page had been opened.
import { en } from './en.js';
import { addTexts } from './index.js';

addTexts(en);
