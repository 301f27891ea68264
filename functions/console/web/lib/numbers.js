// Formats numbers for people.
import { plain } from './json.js';

const whole = new Intl.NumberFormat('en');
const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

/** "12,340". */
export const countText = (value) => whole.format(value);

/** "12.3K", for the axis of a chart. */
export const shortCount = (value) => compact.format(value);

/** Formats a share from 0 to 1 as "99.89 %", rounded down so that 100 % means all; "–" without one. `parseJson` may give the API's `1.0` as text. */
export function percentText(share) {
  if (share === null || share === undefined) return '–';
  // The API gives four decimals; their binary form may be a little less than the decimal one.
  const hundredths = Math.floor(Number(plain(share)) * 10_000 + 1e-6);
  return `${Number((hundredths / 100).toFixed(2))} %`;
}
