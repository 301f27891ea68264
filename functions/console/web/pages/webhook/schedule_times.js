// The waits between attempts: as people write them, and when each attempt happens.

/** Units of a wait with their seconds, largest first. */
export const UNITS = [['d', 86_400], ['h', 3_600], ['min', 60], ['s', 1]];

/** The most waits of a schedule, and the longest wait in seconds. */
export const MAX_WAITS = 12;
export const MAX_WAIT = 604_800;

/** Preset schedules. */
export const PRESETS = {
  standard: [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400],
  quick: [5, 30, 120, 600, 1_800],
  patient: [60, 900, 3_600, 21_600, 86_400, 172_800, 259_200],
  once: [],
};

const sizeOf = (unit) => UNITS.find(([name]) => name === unit)[1];

/** Seconds as a number and the largest unit that divides them. */
export function waitOf(seconds) {
  const [unit, size] = UNITS.find(([, size]) => seconds % size === 0 && seconds >= size) ?? UNITS.at(-1);
  return { value: String(seconds / size), unit };
}

/** The seconds of a typed wait; `null` if it is not a positive number of whole seconds. */
export function secondsOf({ value, unit }) {
  const text = value.trim();
  if (!/^\d+(\.\d+)?$/.test(text)) return null;
  const seconds = Number((Number(text) * sizeOf(unit)).toFixed(6));
  return Number.isInteger(seconds) && seconds > 0 ? seconds : null;
}

/** Seconds from the first attempt to each: the first is at 0. */
export function attemptsOf(schedule) {
  return schedule.reduce((attempts, wait) => [...attempts, attempts.at(-1) + wait], [0]);
}

/** The name of the preset that equals a schedule, or `undefined`. */
export const presetOf = (schedule) => Object.keys(PRESETS).find((name) => String(PRESETS[name]) === String(schedule));

/** The position of an attempt on the picture, 0 to 1, on a logarithmic scale that ends with the last attempt. */
export const positionOf = (seconds, last) => (last > 0 ? Math.log10(1 + seconds) / Math.log10(1 + last) : 0);

const MARKS = [['1 s', 1], ['10 s', 10], ['1 min', 60], ['10 min', 600], ['1 h', 3_600], ['10 h', 36_000], ['1 d', 86_400], ['7 d', 604_800], ['30 d', 2_592_000]];

/** The marks of the scale that lie before its end, at least `gap` (0 to 1) apart from each other and from the end. */
export function marksOf(last, gap = 0.1) {
  const kept = [];
  for (const [text, seconds] of MARKS) {
    const at = positionOf(seconds, last);
    if (seconds < last && at >= (kept.at(-1)?.at ?? 0) + gap && at <= 1 - gap) kept.push({ text, at });
  }
  return kept;
}
