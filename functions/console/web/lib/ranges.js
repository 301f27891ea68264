// Time ranges in the address. A time that the reader typed is a plain time in the account's zone, as `datetime-local` writes it. Other
// times are instants, since a plain time occurs twice when the clock is set back.
import { partsOf } from './times.js';

const PLAIN = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(:\d\d)?$/;
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A time of the address in the format of `datetime-local`. An instant is shown in `zone`; an invalid time becomes "". */
export function localTime(value, zone) {
  const plain = PLAIN.exec(value ?? '');
  if (plain) return `${plain[1]}T${plain[2]}${plain[3] && plain[3] !== ':00' ? plain[3] : ''}`;
  if (!INSTANT.test(value ?? '') || Number.isNaN(Date.parse(value))) return '';
  const { year, month, day, hour, minute, second } = partsOf(value, zone);
  return `${year}-${month}-${day}T${hour}:${minute}${second === '00' ? '' : `:${second}`}`;
}

/** A time of the address in the API's format, or `undefined`. Plain times stay in the account's zone. */
export function apiTime(value) {
  const plain = PLAIN.exec(value ?? '');
  if (plain) return `${plain[1]} ${plain[2]}${plain[3] ?? ':00'}`;
  return INSTANT.test(value ?? '') ? value : undefined;
}

/** `from` and `to` of the address as parameters of the API. */
export const apiRange = ({ from, to }) => ({ from: apiTime(from), to: apiTime(to) });

/** Whether a range is empty or ends before it begins. Compares two plain times, or two instants; the API checks one of each. */
export function isBackwards({ from, to }) {
  const [begin, end] = [apiTime(from), apiTime(to)];
  if (!begin || !end || INSTANT.test(begin) !== INSTANT.test(end)) return false;
  return INSTANT.test(begin) ? Date.parse(begin) >= Date.parse(end) : begin >= end;
}

/** Formats an instant for the address. */
export const addressTime = (milliseconds) => new Date(milliseconds).toISOString().replace('.000Z', 'Z');

/** The range from an instant until now. `to` is exclusive, so it is a second later. */
export const rangeUntilNow = (from, now = Date.now()) => ({ from: typeof from === 'string' ? from : addressTime(from), to: addressTime(now + 1_000) });

/** The names of the quick ranges. */
export const quickRanges = ['hour', 'today', 'yesterday', 'week'];

/** `from` and `to` of a quick range at `now`; "" leaves a side open. */
export function quickRange(name, zone, now = Date.now()) {
  const { year, month, day } = partsOf(now, zone);
  const midnight = (days) => `${new Date(Date.UTC(Number(year), Number(month) - 1, Number(day) + days)).toISOString().slice(0, 10)}T00:00`;
  const ago = (milliseconds) => addressTime(Math.floor((now - milliseconds) / MINUTE) * MINUTE);
  switch (name) {
    case 'hour': return { from: ago(HOUR), to: '' };
    case 'today': return { from: midnight(0), to: '' };
    case 'yesterday': return { from: midnight(-1), to: midnight(0) };
    default: return { from: ago(7 * DAY), to: '' };
  }
}

/** The name of the quick range that equals `from` and `to` of the address, or `null`. */
export function quickRangeOf({ from = '', to = '' }, zone, now = Date.now()) {
  return quickRanges.find((name) => {
    const range = quickRange(name, zone, now);
    return range.from === from && range.to === to;
  }) ?? null;
}
