// The texts of the console in the language of the reader.
import { language, rememberLanguage, storedLanguage } from '../lib/language.js';
import { shared } from './en/shared.js';

/**
 * Texts by language. English comes in parts, each with the code of the pages that show it; a translation is a chunk of its
 * own, loaded when its language is chosen.
 */
const loaded = { en: { ...shared } };
const loaders = { hi: () => import('./hi.js').then(({ hi }) => hi) };

const find = (texts, name) => name.split('.').reduce((part, key) => part?.[key], texts);
const isText = (text) => typeof text === 'string' || typeof text?.other === 'string';

/** Adds sections of English texts. */
export const addTexts = (sections) => Object.assign(loaded.en, sections);

const rules = new Map();

function pluralOf(tag, count) {
  if (!rules.has(tag)) rules.set(tag, new Intl.PluralRules(tag));
  return rules.get(tag).select(count);
}

/**
 * The text of a dotted name, with `{name}` replaced by `values`. A text that depends on a count is an object of
 * plural categories (`one`, `other`) and chosen by `values.count`. A text that a translation lacks is shown in English; a name
 * without a text, such as a new value of the API, is shown by its last part.
 */
export function t(name, values = {}) {
  const chosen = language.get();
  const translated = find(loaded[chosen], name);
  const tag = isText(translated) ? chosen : 'en';
  let text = tag === 'en' ? find(loaded.en, name) : translated;
  if (text && typeof text === 'object') text = text[pluralOf(tag, values.count)] ?? text.other;
  if (typeof text !== 'string') return name.slice(name.lastIndexOf('.') + 1);
  return text.replace(/\{(\w+)\}/g, (whole, key) => (key in values ? String(values[key]) : whole));
}

/** Whether there is a text of this name. */
export const hasText = (name) => find(loaded.en, name) !== undefined;

/** Shows a language. If its texts cannot be loaded, the language stays as it was. */
export async function showLanguage(chosen) {
  try {
    loaded[chosen] ??= await loaders[chosen]();
  } catch {
    return;
  }
  document.documentElement.lang = chosen;
  language.set(chosen);
}

/** Shows a language and stores the choice. */
export function chooseLanguage(chosen) {
  rememberLanguage(chosen);
  return showLanguage(chosen);
}

/** Shows the language that was chosen before. */
export const startLanguage = () => showLanguage(storedLanguage());
