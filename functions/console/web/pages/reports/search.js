// The API request for the address of the reports page.
import { apiRange, isBackwards, localTime } from '../../lib/ranges.js';

const EXACT = ['mid', 'call_status', 'status', 'webhook_id', 'source', 'call_id', 'flow_id'];

/** The filters under "more filters". */
export const moreFilters = ['source', 'call_id', 'flow_id'];

/** All filters of the page. */
export const filters = ['number', 'from', 'to', ...EXACT];

const FEWEST_DIGITS = 4;
const MOST_DIGITS = 20;

/** The digits of a number: the API ignores signs and spaces. */
export const digitsOf = (number) => number.replace(/[\s+\-.()/]/g, '');

/** The last four digits of a number, by which it can be searched; `undefined` if it has four digits or fewer. */
export function lastDigitsOf(number) {
  const digits = digitsOf(number ?? '');
  return digits.length > FEWEST_DIGITS ? digits.slice(-FEWEST_DIGITS) : undefined;
}

/** The number of set filters without the first one: those that a narrow screen hides. */
export const foldedCount = (fields, query) => fields.slice(1).filter(({ name }) => query[name]).length;

/** The first invalid filter, as a pair of filter and text; `null` if the API can be asked. */
export function mistakeOf(query) {
  if (query.number) {
    const digits = digitsOf(query.number);
    // The API ignores leading zeros, which are an international prefix.
    if (!/^\d*$/.test(digits) || digits.replace(/^0+/, '').length > MOST_DIGITS) return ['number', 'reports.numberWrong'];
    if (digits.length < FEWEST_DIGITS) return ['number', 'reports.numberShort'];
  }
  return isBackwards(query) ? ['to', 'reports.backwards'] : null;
}

/** The parameters of `GET /v1/reports`. */
export function paramsOf(query) {
  const params = { number: query.number?.replace(/\s/g, ' ') || undefined, ...apiRange(query) };
  for (const name of EXACT) params[name] = query[name] || undefined;
  return params;
}

/** The filters that are set, as pairs of name and value. */
export const chosen = (query) => filters.filter((name) => query[name]).map((name) => [name, query[name]]);

/** The status that a row shows. The API gives a report without a webhook as `skipped` with a reason. */
export const statusOf = ({ status, reason }) => (reason === 'no_webhook' ? 'no_webhook' : status);

/** Milliseconds from the start to the end of a call, if the row has both in formats that can be compared. */
export function lengthOf({ start_at: start, end_at: end }) {
  const instant = (text) => Date.parse(/(Z|[+-]\d\d:?\d\d)$/.test(text ?? '') ? text : `${(text ?? '').replace(' ', 'T')}Z`);
  const length = instant(end) - instant(start);
  return length >= 0 ? length : undefined;
}

/** Whether a range begins before the account's log does, `days` ago. */
export function reachesBeyond(from, days, zone, now = Date.now()) {
  const begin = localTime(from, zone);
  return Boolean(begin && days) && begin < localTime(new Date(now - days * 86_400_000).toISOString(), zone);
}
