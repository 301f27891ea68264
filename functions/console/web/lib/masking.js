// Phone numbers of a report in other texts (its JSON, URLs, answers of receivers), hidden but for their last four digits.
import { plain } from './json.js';

const MEMBERS = ['bridge', 'from', 'to'];

/** A number of fewer digits would hide ordinary numbers as well. */
const FEWEST_DIGITS = 7;

const masked = (text) => `•••• ${text.slice(-4)}`;
const isNumber = (value) => ['string', 'number', 'bigint'].includes(typeof value);

/** The digits of the phone numbers of a report, without `+` and zeros at the beginning, longest first. */
export function numbersOf(report) {
  const found = MEMBERS.map((name) => plain(report?.[name])).filter(isNumber).map((value) => String(value).replace(/\D/g, '').replace(/^0+/, ''));
  return [...new Set(found)].filter((digits) => digits.length >= FEWEST_DIGITS).sort((a, b) => b.length - a.length);
}

/** A text with each of the numbers masked, however it is spaced. */
export function maskText(text, numbers) {
  return numbers.reduce((text, digits) => {
    const spelled = new RegExp(`(?:\\+|%2[bB])?(?:\\b0*)?${[...digits].join('[ .()\\-]{0,2}')}`, 'g');
    return text.replace(spelled, masked(digits));
  }, text);
}

/** JSON as a text with each of the numbers masked. A number without quotes gets them, so that it stays JSON. */
export function maskBody(text, numbers) {
  const masked = maskText(text, numbers);
  return masked.replace(/([:[,]\s*)(•••• \d{4})(?=\s*[,}\]])/g, '$1"$2"');
}

/** JSON with the members `bridge`, `from` and `to` masked at every level, and the numbers wherever else they stand. */
export function maskJson(value, numbers) {
  const kept = plain(value);
  if (isNumber(kept)) {
    const text = maskText(String(kept), numbers);
    return text === String(kept) ? value : text;
  }
  if (Array.isArray(value)) return value.map((item) => maskJson(item, numbers));
  if (!value || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => {
    const number = plain(member);
    const isHidden = MEMBERS.includes(name) && isNumber(number) && number !== '';
    return [name, isHidden ? masked(String(number)) : maskJson(member, numbers)];
  }));
}

/** What masks the numbers of a report: `text`, `body` (a text that may be JSON) and `json`, and `isOn`. Shown numbers stay as they are. */
export function maskOf(report, isShown) {
  const numbers = numbersOf(report);
  if (isShown) return { isOn: false, text: (text) => text, body: (text) => text, json: (value) => value };
  return { isOn: true, text: (text) => maskText(text, numbers), body: (text) => maskBody(text, numbers), json: (value) => maskJson(value, numbers) };
}
