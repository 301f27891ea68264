// The labels at the axes and the crosshair of a chart: hours and days in a time zone.
import { partsOf } from '../lib/times.js';

const HOUR_MS = 3_600_000;
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const weekdays = new Map();

const dayOf = ({ day, month }) => `${Number(day)} ${months[month - 1]}`;

function weekdayOf(at, zone) {
  if (!weekdays.has(zone)) weekdays.set(zone, new Intl.DateTimeFormat('en-GB', { timeZone: zone, weekday: 'short' }));
  return weekdays.get(zone).format(new Date(at));
}

/** The name of a bucket: "27 Nov, 14:00–15:00", or "Fri 27 Nov". */
export function bucketTitle(at, step, zone) {
  const parts = partsOf(at, zone);
  if (step === 'day') return `${weekdayOf(at, zone)} ${dayOf(parts)}`;
  const end = partsOf(at + HOUR_MS, zone);
  return `${dayOf(parts)}, ${parts.hour}:${parts.minute}–${end.hour}:${end.minute}`;
}

const strides = { hour: [1, 2, 3, 4, 6, 12, 24], day: [1, 2, 3, 5, 7, 10, 15, 31] };

/** The buckets with a label below the axis, as pairs of index and text; at most `room`. The first hour of a day shows the day. */
export function ticksOf(times, step, zone, room) {
  const all = times.map((at, index) => ({ index, parts: partsOf(at, zone) }));
  const isMarked = (stride) => ({ index, parts }) => (step === 'hour' ? Number(parts.hour) % stride === 0 : (times.length - 1 - index) % stride === 0);
  for (const stride of strides[step]) {
    const marked = all.filter(isMarked(stride));
    if (marked.length <= Math.max(room, 1)) return marked.map(({ index, parts }) => [index, labelOf(parts, step)]);
  }
  return [];
}

const labelOf = (parts, step) => (step === 'day' || parts.hour === '00' ? dayOf(parts) : `${parts.hour}:${parts.minute}`);

/** Allowed steps of the value axis: 1, 2 or 5 times a power of ten; whole numbers only. */
export const valueSteps = Array.from({ length: 12 }, (_, power) => [1, 2, 5].map((digit) => digit * 10 ** power)).flat();
