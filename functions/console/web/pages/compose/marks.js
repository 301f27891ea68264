// Splits the text of a field into pieces, each with its marks: variables, secrets, problems.
import { partsOf } from './templates.js';

/** Splits text at the ends of marks `{ start, end, name }`. Returns `{ text, names }`. */
export function piecesOf(text, marks) {
  const inside = marks.filter(({ start, end }) => start < end && start < text.length);
  const cuts = [...new Set([0, text.length, ...inside.flatMap(({ start, end }) => [start, Math.min(end, text.length)])])].sort((a, b) => a - b);
  return cuts.slice(0, -1).map((start, index) => {
    const end = cuts[index + 1];
    const names = [...new Set(inside.filter((mark) => mark.start <= start && mark.end >= end).map(({ name }) => name))];
    return { text: text.slice(start, end), names };
  });
}

/** The marks of a template, with those of `problems`. */
export function marksOf(text, problems, options) {
  const parts = partsOf(text, options).map(({ kind, start, end }) => ({ name: kind === 'secret' ? 'secret' : 'variable', start, end }));
  const wrong = problems.filter(({ start }) => start !== undefined).map(({ start, end }) => ({ name: 'wrong', start, end }));
  return [...parts, ...wrong];
}
