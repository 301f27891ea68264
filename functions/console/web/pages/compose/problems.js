// The problems of a form and their positions: the API's messages, and the console's own checks before a request.
import { codesOf, filledRows } from './form.js';
import { lineAndColumn, offsetInString, offsetOf, scanJson } from './json_text.js';
import { expressionLength } from './templates.js';

/** The parts of a message such as "line 1, column 8: there is no filter `nope`, near `{{foo | nope}}`". */
export function partsOfMessage(message) {
  const found = /^line (\d+), column (\d+): ([^]*?)(?:, near `[^]*`)?$/.exec(message);
  return found ? { line: Number(found[1]), column: Number(found[2]), what: found[3] } : { what: message };
}

/** The API's name for the field of a string in a body's template. */
export const fieldOfPath = (path) => path.reduce((field, step) => (typeof step === 'number' ? `${field}[${step}]` : `${field}.${step}`), 'body.template');

/** The length of the wrong part of a template that begins at `offset`. */
function lengthAt(text, offset) {
  const rest = text.slice(offset);
  if (rest.startsWith('{{')) return expressionLength(rest) ?? rest.split('\n', 1)[0].length;
  const found = /^(?:\{%.*?%\}|%[\w-]+%|[\w-]+)/.exec(rest);
  return Math.max(found?.[0].length ?? 1, 1);
}

/** The text of the JSON editor; `null` if the body is not written in it. */
export function editorText({ method, body }) {
  if (method === 'GET' || body.format === 'default') return null;
  if (body.format === 'json') return body.json;
  return body.isRaw ? body.raw : null;
}

const byName = (rows, name) => rows.findLast((row) => row.name.trim().toLowerCase() === name.toLowerCase());

/**
 * Finds the place in a form of a field that the API's message names. Returns `{ target, start, end, line, column }`: `target`
 * is the control (`url`, `body`, `header:7:value`, `row:7:value`, …). Without the rest, the whole control is the place.
 */
export function placeOf(form, field, position = {}) {
  const within = (target, text) => {
    if (!position.line) return { target };
    const start = offsetOf(text, position.line, position.column);
    return { target, start, end: Math.min(start + lengthAt(text, start), text.length), line: position.line, column: position.column };
  };
  if (field === 'url') return within('url', form.url);
  if (field.startsWith('headers.')) {
    const row = byName(form.headers, field.slice('headers.'.length));
    if (!row) return { target: 'headers' };
    return position.line ? within(`header:${row.id}:value`, row.value) : { target: `header:${row.id}:name` };
  }
  if (field.startsWith('body.template.') || field.startsWith('body.template[')) return placeInBody(form, field, position, within);
  if (field === 'body' || field.startsWith('body.')) return editorText(form) === null ? { target: 'format' } : within('body', editorText(form));
  if (field === 'success_codes') return { target: 'codes' };
  if (field.startsWith('secrets.')) return { target: `secret:${field.slice('secrets.'.length)}` };
  if (field === 'report' || field.startsWith('report.')) return { target: 'report' };
  return { target: ['name', 'method', 'headers', 'bearer_secret'].includes(field) ? field : null };
}

function placeInBody(form, field, position, within) {
  const text = editorText(form);
  if (text === null) {
    const row = byName(form.body.rows, field.slice('body.template.'.length));
    return row ? within(`row:${row.id}:value`, row.value) : { target: 'format' };
  }
  const string = scanJson(text).strings.findLast(({ path }) => fieldOfPath(path) === field);
  if (!string) return { target: 'body' };
  let [start, end] = [string.start, string.end];
  if (position.line) {
    const index = offsetOf(string.value, position.line, position.column);
    start = offsetInString(text, string, index);
    end = offsetInString(text, string, index + lengthAt(string.value, index));
  }
  return { target: 'body', start, end: Math.max(end, start + 1), ...lineAndColumn(text, start) };
}

/** A problem of the API's list, with its place in the form. */
export function located(form, { field, message }) {
  const { what, ...position } = partsOfMessage(message);
  return { field, what, ...placeOf(form, field, position) };
}

/**
 * The problems that the console finds itself: an invalid URL or success code, names that occur twice, of which JSON would
 * silently drop one, and text that is not JSON. `say(name, values)` returns the sentences.
 */
export function ownProblems(form, say) {
  const problems = [...rowProblems(form.headers, 'header', 'headers', say)];
  if (lacksScheme(form.url)) problems.push({ field: 'url', what: say('scheme'), target: 'url' });
  if (form.method !== 'GET' && form.body.format !== 'default') {
    const text = editorText(form);
    if (text === null) problems.push(...rowProblems(form.body.rows, 'row', 'body.template', say));
    else {
      const { error } = scanJson(text);
      if (error) problems.push({ field: 'body', what: say(`json.${error.what}`), target: 'body', start: error.offset, end: error.offset + 1, ...lineAndColumn(text, error.offset) });
    }
  }
  if (codesOf(form.codes) === null) problems.push({ field: 'success_codes', what: say('codes'), target: 'codes' });
  return problems;
}

/** The missing values that a save requires, unlike a preview: a name, a URL. */
export function lacking({ name, url }, say) {
  return [
    ...(name.trim() ? [] : [{ field: 'name', what: say('giveName'), target: 'name' }]),
    ...(url.trim() ? [] : [{ field: 'url', what: say('scheme'), target: 'url' }]),
  ];
}

/** Whether a URL has no scheme, and does not begin like one that is still being typed. */
function lacksScheme(url) {
  const begun = url.trim().toLowerCase();
  return begun !== '' && !/^[a-z][a-z0-9+.-]*:\/\//.test(begun) && !['https://', 'http://'].some((scheme) => scheme.startsWith(begun));
}

function rowProblems(rows, kind, field, say) {
  const seen = new Set();
  const problems = [];
  for (const { id, name } of filledRows(rows)) {
    // Case does not matter in names of headers.
    const plain = kind === 'header' ? name.trim().toLowerCase() : name.trim();
    if (!plain) problems.push({ field, what: say('noName'), target: `${kind}:${id}:name` });
    else if (seen.has(plain)) problems.push({ field: `${field}.${name.trim()}`, what: say('twice'), target: `${kind}:${id}:name` });
    seen.add(plain);
  }
  return problems;
}
