// Masks the phone numbers of a report in texts (its JSON, URLs, responses of receivers), except their last four digits.
import { mapScalars, plain } from './json.js';

const MEMBERS = ['bridge', 'from', 'to'];

/** Documented members of a report that are never phone numbers, however many digits they have. */
const OTHERS = ['id', 'mid', 'flow_id', 'webhook_id', 'duration', 'billing', 'unixtime', 'start_at', 'end_at'];

/** The fewest digits of a phone number: with fewer, ordinary numbers would be masked too. */
const FEWEST_DIGITS = 7;
const MOST_DIGITS = 15;

/** The longest text to mask completely: its last four digits would reveal nearly all of it. */
const SHORT = 6;

/** Masks a number, except its last four digits if it is longer than `SHORT`. */
export const masked = (text) => (text.length <= SHORT ? '•••' : `•••• ${text.slice(-4)}`);

const isNumber = (value) => ['string', 'number', 'bigint'].includes(typeof value);

/** Whether a value by itself may be a phone number: 7 to 15 digits with the usual spaces and signs, neither a date nor a fraction. */
function looksLikeNumber(text, name) {
  if (OTHERS.includes(name)) return false;
  if (!/^\+?[\d\s().-]+$/.test(text) || /^\d{4}-\d\d-\d\d|^\d+\.\d+$/.test(text.trim())) return false;
  const count = text.replace(/\D/g, '').length;
  return count >= FEWEST_DIGITS && count <= MOST_DIGITS;
}

/** All strings and numbers in a value, as pairs of member name and text. */
function scalarsIn(value, name) {
  const kept = plain(value);
  if (isNumber(kept)) return [[name, String(kept)]];
  if (!value || typeof value !== 'object') return [];
  return Array.isArray(value) ? value.flatMap((item) => scalarsIn(item)) : Object.entries(value).flatMap(([name, member]) => scalarsIn(member, name));
}

/** The digits of the phone numbers in a report and its variables, without `+` and leading zeros, longest first. */
export function numbersOf(report) {
  const found = scalarsIn(report).filter(([name, text]) => MEMBERS.includes(name) || looksLikeNumber(text, name)).map(([, text]) => text.replace(/\D/g, '').replace(/^0+/, ''));
  return [...new Set(found)].filter((digits) => digits.length >= FEWEST_DIGITS).sort((a, b) => b.length - a.length);
}

/** Masks each of the numbers in a text, however it is spaced. */
export function maskText(text, numbers) {
  return numbers.reduce((text, digits) => {
    const spelled = new RegExp(`(?:\\+|%2[bB])?(?:\\b0*)?${[...digits].join('[ .()\\-]{0,2}')}`, 'g');
    return text.replace(spelled, masked(digits));
  }, text);
}

/** Masks in JSON text the values for which `hides(value, name)` is true, and each of the numbers anywhere. The rest stays as written. */
function maskScalars(text, numbers, hides) {
  return mapScalars(text, (token, name) => {
    const value = token[0] === '"' ? JSON.parse(token) : token;
    const shown = hides(value, name) ? masked(value) : maskText(value, numbers);
    return shown === value ? token : JSON.stringify(shown);
  });
}

const isMember = (value, name) => MEMBERS.includes(name) && value !== '';

/** Masks each of the numbers in a body and, if it is JSON, the members `bridge`, `from` and `to`. */
export function maskBody(text, numbers) {
  try {
    JSON.parse(text);
  } catch {
    return maskText(text, numbers);
  }
  return maskScalars(text, numbers, isMember);
}

/** Masks in a report's JSON text, at every level, the members `bridge`, `from` and `to` and the values that look like phone numbers. */
export const maskJson = (text, numbers) => maskScalars(text, numbers, (value, name) => isMember(value, name) || looksLikeNumber(value, name));

/**
 * Returns functions that mask a report's numbers in a `text`, a `body` (a text that may be JSON) and its `jsonText`. `isOn`
 * is false if numbers are shown; then texts stay unchanged.
 */
export function maskOf(report, isShown) {
  const numbers = numbersOf(report);
  const same = (text) => text;
  if (isShown) return { isOn: false, text: same, body: same, jsonText: same };
  return {
    isOn: true,
    text: (text) => maskText(text, numbers),
    body: (text) => maskBody(text, numbers),
    jsonText: (text) => maskJson(text, numbers),
  };
}
