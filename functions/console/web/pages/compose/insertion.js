// Inserts variables, filters and secrets at the cursor.
import { expressionLength } from './templates.js';

/** The expression around or just before `at`: `{ start, end, isClosed }`, with `end` before its `}}`; `null` without one. */
export function expressionAt(text, at) {
  let begin = 0;
  for (;;) {
    const start = text.indexOf('{{', begin);
    if (start < 0 || start >= at) return null;
    const length = expressionLength(text.slice(start));
    if (length === null) {
      const isSameLine = !text.slice(start, at).includes('\n');
      return isSameLine ? { start, end: at, isClosed: false } : null;
    }
    if (at <= start + length) return { start, end: start + length - 2, isClosed: true };
    begin = start + length;
  }
}

/** Whether `at` is between the quotes of a JSON string. */
export function isInString(text, at) {
  let inside = false;
  for (let i = 0; i < at; i += 1) {
    if (text[i] === '"') inside = !inside;
    else if (inside && text[i] === '\\') i += 1;
    else if (text[i] === '\n') inside = false;
  }
  return inside;
}

/** A change of a text: `insert` replaces `start` to `end`, then the selection is `from` to `to`. */
const change = (start, end, insert, from = insert.length, to = from) => ({ start, end, insert, from: start + from, to: start + to });

/** Adds quotes around text that becomes a JSON value. Returns the text and the length of the opening quote. */
const inPlace = (text, at, isJson, insert) => (isJson && !isInString(text, at) ? [`"${insert}"`, 1] : [insert, 0]);

/** Inserts a variable; within an expression only its name. The selection is `[start, end]`. */
export function insertVariable(text, [start, end], name, { isJson = false } = {}) {
  const around = expressionAt(text, start);
  if (around && start > around.start + 1 && (!around.isClosed || start <= around.end)) return change(start, end, name);
  const [insert] = inPlace(text, start, isJson, `{{${name}}}`);
  return change(start, end, insert);
}

/** Inserts the secret `%name%`; if the cursor is in an expression, after that. */
export function insertSecret(text, [start, end], name, { isJson = false } = {}) {
  const around = expressionAt(text, start);
  const isInside = around?.isClosed && start > around.start && start < around.end + 2;
  const at = isInside ? around.end + 2 : start;
  const [insert] = inPlace(text, at, isJson, `%${name}%`);
  return change(at, isInside ? at : end, insert);
}

/** Adds a filter to the expression around or before the cursor, else begins one, and selects the hint's argument. */
export function insertFilter(text, [start, end], { name, hint }, { isJson = false } = {}) {
  const around = expressionAt(text, start);
  if (around) {
    const before = text.slice(around.start + 2, around.end);
    const kept = around.end - (before.length - before.trimEnd().length);
    const call = ` | ${name}${hint}`;
    const close = around.isClosed ? '' : ' }}';
    return change(kept, around.end, call + (around.isClosed && before.endsWith(' ') ? ' ' : '') + close, ...argumentOf(call, name));
  }
  const [insert, shift] = inPlace(text, start, isJson, `{{ | ${name}${hint} }}`);
  return change(start, end, insert, shift + 2, shift + 2);
}

/** The range of a call's first argument, for the selection; the end of the call if it has none. */
function argumentOf(call, name) {
  const at = call.indexOf(name) + name.length + 2;
  if (at >= call.length) return [call.length, call.length];
  const quoted = /^'([^']*)'/.exec(call.slice(at));
  return quoted ? [at + 1, at + 1 + quoted[1].length] : [at, at + /^[^,]*/.exec(call.slice(at))[0].length];
}

/** The text that Enter inserts: the indent of the line, and more after a bracket. A closing bracket gets its own line. */
export function newline(text, [start, end]) {
  const line = text.slice(text.lastIndexOf('\n', start - 1) + 1, start);
  const indent = /^[ \t]*/.exec(line)[0];
  const isOpen = /[[{]\s*$/.test(line) && !/\{\{\s*$/.test(line);
  const inner = `\n${indent}${isOpen ? '  ' : ''}`;
  const closes = isOpen && /^\s*[\]}]/.test(text.slice(end).split('\n', 1)[0]);
  return change(start, end, closes ? `${inner}\n${indent}` : inner, inner.length);
}

/** The text that Tab inserts: spaces to the next even column. */
export function tab(text, [start, end]) {
  const column = start - (text.lastIndexOf('\n', start - 1) + 1);
  return change(start, end, ' '.repeat(2 - (column % 2)));
}
