// Reads and writes JSON with every digit of its numbers: a phone number may have more digits than a JavaScript number holds.

const isExact = (value, source) => source === undefined || String(value) === source;

/**
 * Parses JSON. A number that JavaScript would change keeps its original text, which is also written back. Browsers without `JSON.rawJSON`
 * show that text but cannot write it, so the console sends the API's own text back (`memberText`).
 */
export function parseJson(text) {
  if (!JSON.rawJSON) return JSON.parse(mapScalars(text, (token) => (token[0] === '"' || isExact(Number(token), token) ? token : `{"rawJSON":"${token}"}`)));
  return JSON.parse(text, (_, value, context) => (typeof value !== 'number' || isExact(value, context?.source) ? value : JSON.rawJSON(context.source)));
}

/** Returns the original text of a number, or the value itself. */
export const plain = (value) => (value && typeof value === 'object' && typeof value.rawJSON === 'string' ? value.rawJSON : value);

/** Formats a value as JSON over several lines. */
export function prettyJson(value) {
  if (JSON.rawJSON) return JSON.stringify(value, null, 2);
  const marked = JSON.stringify(value, (_, member) => (plain(member) === member ? member : `\0${member.rawJSON}`), 2);
  return marked.replace(/"\\u0000([-+.\deE]+)"/g, '$1');
}

/** The tokens of JSON text: strings, punctuation, words and numbers. */
const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g;

/** Formats JSON text over several lines, with the order of members and the numbers as written. Returns other text unchanged. */
export function prettyText(text) {
  try {
    JSON.parse(text);
  } catch {
    return text;
  }
  let indent = '';
  let before = '';
  let pretty = '';
  for (const [token] of text.matchAll(TOKEN)) {
    const isEnd = token === '}' || token === ']';
    if (isEnd) indent = indent.slice(2);
    const begins = before === '{' || before === '[';
    if (isEnd ? !begins : begins || before === ',') pretty += `\n${indent}`;
    pretty += token === ':' ? ': ' : token[0] === '"' ? JSON.stringify(JSON.parse(token)) : token;
    if (token === '{' || token === '[') indent += '  ';
    before = token;
  }
  return pretty;
}

/** Returns the text of a member of a JSON object as written; `undefined` if it has none. The last one counts if a name occurs twice. */
export function memberText(text, name) {
  let depth = 0;
  let key = null;
  let start = null;
  let found;
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    const isEnd = token === '}' || token === ']';
    if (isEnd) depth -= 1;
    if (start !== null && (depth === 0 || (depth === 1 && token === ','))) {
      if (key === name) found = text.slice(start, index).trim();
      start = null;
      key = null;
    } else if (depth === 1 && token === ':' && start === null) start = index + 1;
    else if (depth === 1 && start === null && token[0] === '"') key = JSON.parse(token);
    if (token === '{' || token === '[') depth += 1;
  }
  return found;
}

/**
 * Replaces each string and number of JSON text by the JSON text that `change(token, name)` returns. `name` is that of the member;
 * items of an array have none.
 */
export function mapScalars(text, change) {
  let name;
  return text.replace(TOKEN, (token, index) => {
    if (token === '{' || token === '[') name = undefined;
    if (token[0] !== '"') return /^[-\d]/.test(token) ? change(token, name) : token;
    if (!/^\s*:/.test(text.slice(index + token.length, index + token.length + 64))) return change(token, name);
    name = JSON.parse(token);
    return token;
  });
}
