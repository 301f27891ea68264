// Formats times for people, in the account's time zone.
import { language } from './language.js';

const formats = new Map();

function format(zone, options) {
  const key = `${zone} ${JSON.stringify(options)}`;
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat('en-GB', { timeZone: zone, hourCycle: 'h23', ...options }));
  return formats.get(key);
}

/** Day, month, hour and so on of an instant in a time zone. */
export function partsOf(instant, zone) {
  const options = { year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit' };
  return Object.fromEntries(format(zone, options).formatToParts(new Date(instant)).map(({ type, value }) => [type, value]));
}

/** "2026-11-27 12:04:31" in a zone, in the API's format. */
export function plainTime(instant, zone) {
  const { year, month, day, hour, minute, second } = partsOf(instant, zone);
  return `${year}-${month}-${day} ${hour}:${minute}:${second}`;
}

/** "12:04:31" today, "27 Nov 12:04" in this year, else "27 Nov 2025". */
export function shortTime(instant, zone, now = Date.now()) {
  const [then, today] = [partsOf(instant, zone), partsOf(now, zone)];
  if (then.year === today.year && then.month === today.month && then.day === today.day) return `${then.hour}:${then.minute}:${then.second}`;
  const month = monthOf(instant, zone);
  const day = String(Number(then.day));
  return then.year === today.year ? `${day} ${month} ${then.hour}:${then.minute}` : `${day} ${month} ${then.year}`;
}

const units = [['day', 86_400], ['hour', 3_600], ['minute', 60], ['second', 1]];
const relatives = new Map();

function relativeFormat() {
  const tag = language.get();
  if (!relatives.has(tag)) relatives.set(tag, new Intl.RelativeTimeFormat(tag, { numeric: 'always', style: 'short' }));
  return relatives.get(tag);
}

/** "Nov": English names are cut to three letters, which `en-GB` does not do in September. */
function monthOf(instant, zone) {
  if (language.get() === 'en') return format(zone, { month: 'short' }).format(new Date(instant)).slice(0, 3);
  return new Intl.DateTimeFormat(language.get(), { timeZone: zone, month: 'short' }).format(new Date(instant));
}

/** "4 min. ago", "in 2 hr.". */
export function relativeTime(instant, now = Date.now()) {
  const seconds = Math.round((new Date(instant) - now) / 1000);
  const [unit, size] = units.find(([, size]) => Math.abs(seconds) >= size) ?? units.at(-1);
  return relativeFormat().format(Math.trunc(seconds / size), unit);
}

const unitFormats = new Map();

/** Formats a number with a unit: "3 min". English has shorter units than `Intl` gives. Milliseconds are "ms" in all languages, for chart axes. */
function unitText(count, unit) {
  const tag = language.get();
  if (tag === 'en' || unit === 'millisecond') return `${count} ${SHORT_UNITS[unit]}`;
  const key = `${tag} ${unit}`;
  if (!unitFormats.has(key)) unitFormats.set(key, new Intl.NumberFormat(tag, { style: 'unit', unit, unitDisplay: 'short', useGrouping: false }));
  return unitFormats.get(key).format(count);
}

const SHORT_UNITS = { millisecond: 'ms', second: 's', minute: 'min', hour: 'h', day: 'd' };

/** "320 ms", "1.4 s", "3 min 20 s", "2 h 5 min", "3 d 4 h", in the language of the reader. */
export function duration(milliseconds) {
  if (milliseconds < 1000) return unitText(Math.round(milliseconds), 'millisecond');
  const seconds = milliseconds / 1000;
  if (seconds < 60) return unitText(Number(seconds.toFixed(1)), 'second');
  const [unit, size] = units.find(([, size]) => seconds >= size);
  const [part, partSize] = units[units.findIndex(([name]) => name === unit) + 1];
  const rest = Math.floor((seconds % size) / partSize);
  const whole = unitText(Math.floor(seconds / size), unit);
  return rest ? `${whole} ${unitText(rest, part)}` : whole;
}
