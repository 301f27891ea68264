// The language of the reader. Texts, relative times and names of months follow it.
import { signal } from './signal.js';
import { read, write } from './storage.js';

const STORED = 'callhook.language';

/** The languages of the console, each by its own name. */
export const LANGUAGES = { en: 'English', hi: 'हिन्दी' };

/** The tag of the current language, such as `hi`. */
export const language = signal('en');

/** Returns the stored language, else English. */
export function storedLanguage() {
  const stored = read('localStorage', STORED);
  return Object.hasOwn(LANGUAGES, stored ?? '') ? stored : 'en';
}

/** Stores the chosen language. */
export const rememberLanguage = (chosen) => write('localStorage', STORED, chosen === 'en' ? null : chosen);
