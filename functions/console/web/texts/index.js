// The texts of the console in the language of the reader.
import { en } from './en.js';

/**
 * The text of a dotted name, with `{name}` replaced by `values`. A text that depends on a count is an object of
 * plural categories (`one`, `other`) and chosen by `values.count`.
 */
export function t(name, values = {}) {
  let text = name.split('.').reduce((texts, part) => texts?.[part], en);
  if (text && typeof text === 'object') text = text[new Intl.PluralRules('en').select(values.count)] ?? text.other;
  if (typeof text !== 'string') throw new Error(`no text ${name}`);
  return text.replace(/\{(\w+)\}/g, (whole, key) => (key in values ? String(values[key]) : whole));
}

/** Whether there is a text of this name. */
export const hasText = (name) => name.split('.').reduce((texts, part) => texts?.[part], en) !== undefined;
