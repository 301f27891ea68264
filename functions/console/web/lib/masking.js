// Phone numbers of a report in other texts (its JSON, URLs, answers of receivers), hidden but for their last four digits.
import { mapScalars, plain } from './json.js';

const MEMBERS = ['bridge', 'from', 'to'];

/** Documented members of a report that are no phone numbers, however many digits they have. */
const OTHERS = ['id', 'mid', 'flow_id', 'webhook_id', 'duration', 'billing', 'unixtime', 'start_at', 'end_at'];

/** A number of fewer digits would hide ordinary numbers as well. */
const FEWEST_DIGITS = 7;
const MOST_DIGITS = 15;

/** Of a number of up to six digits the last four would tell nearly all. */
const SHORT = 6;

/** A number as it is shown while it is hidden. */
export const masked = (text) => (text.length <= SHORT ? '•••' : `•••• ${text.slice(-4)}`);

const isNumber = (value) => ['string', 'number', 'bigint'].includes(typeof value);

/** Whether a value by itself may be a phone number: 7 to 15 digits with the usual spaces and signs; no date, no fraction. */
function looksLikeNumber(text, name) {
  if (OTHERS.includes(name)) return false;
  if (!/^\+?[\d\s().-]+$/.test(text) || /^\d{4}-\d\d-\d\d|^\d+\.\d+$/.test(text.trim())) return false;
  const count = text.replace(/\D/g, '').length;
  return count >= FEWEST_DIGITS && count <= MOST_DIGITS;
}

/** All strings and numbers in a value, as texts, with the names of their members. */
function scalarsIn(value, name) {
  const kept = plain(value);
  if (isNumber(kept)) return [[name, String(kept)]];
  if (!value || typeof value !== 'object') return [];
  return Array.isArray(value) ? value.flatMap((item) => scalarsIn(item)) : Object.entries(value).flatMap(([name, member]) => scalarsIn(member, name));
}

/** The digits of the phone numbers of a report, its variables included, without `+` and zeros at the beginning, longest first. */
export function numbersOf(report) {
  const found = scalarsIn(report).filter(([name, text]) => MEMBERS.includes(name) || looksLikeNumber(text, name)).map(([, text]) => text.replace(/\D/g, '').replace(/^0+/, ''));
  return [...new Set(found)].filter((digits) => digits.length >= FEWEST_DIGITS).sort((a, b) => b.length - a.length);
}

/** A text with each of the numbers masked, however it is spaced. */
export function maskText(text, numbers) {
  return numbers.reduce((text, digits) => {
    const spelled = new RegExp(`(?:\\+|%2[bB])?(?:\\b0*)?${[...digits].join('[ .()\\-]{0,2}')}`, 'g');
    return text.replace(spelled, masked(digits));
  }, text);
}

/** JSON text with the values masked that `hides(value, name)` says, and each of the numbers wherever it stands. All else is as it was written. */
function maskScalars(text, numbers, hides) {
  return mapScalars(text, (token, name) => {
    const value = token[0] === '"' ? JSON.parse(token) : token;
    const shown = hides(value, name) ? masked(value) : maskText(value, numbers);
    return shown === value ? token : JSON.stringify(shown);
  });
}

const isMember = (value, name) => MEMBERS.includes(name) && value !== '';

/** A body with each of the numbers masked, and the members `bridge`, `from` and `to` if it is JSON. */
export function maskBody(text, numbers) {
  try {
    JSON.parse(text);
  } catch {
    return maskText(text, numbers);
  }
  return maskScalars(text, numbers, isMember);
}

/** The JSON text of a report with the members `bridge`, `from` and `to`, and all that looks like a phone number, masked at every level. */
export const maskJson = (text, numbers) => maskScalars(text, numbers, (value, name) => isMember(value, name) || looksLikeNumber(value, name));

/**
 * What masks the numbers of a report: `text`, `body` (a text that may be JSON), `jsonText`, and `isOn`. Shown numbers
 * stay as they are.
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
