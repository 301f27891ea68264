// JSON whose numbers keep every digit: a phone number may have more than a JavaScript number holds.

const isExact = (value, source) => source === undefined || String(value) === source;

/**
 * Parses JSON. A number that JavaScript would change stays as its text, and is written back as it came. Browsers without `JSON.rawJSON` show
 * its text as well but cannot write it: what goes back to the API is sent as the text in which it came (`memberText`).
 */
export function parseJson(text) {
  if (!JSON.rawJSON) return JSON.parse(mapScalars(text, (token) => (token[0] === '"' || isExact(Number(token), token) ? token : `{"rawJSON":"${token}"}`)));
  return JSON.parse(text, (_, value, context) => (typeof value !== 'number' || isExact(value, context?.source) ? value : JSON.rawJSON(context.source)));
}

/** The text of a number that was kept as it came, else the value. */
export const plain = (value) => (value && typeof value === 'object' && typeof value.rawJSON === 'string' ? value.rawJSON : value);

/** JSON over several lines. */
export function prettyJson(value) {
  if (JSON.rawJSON) return JSON.stringify(value, null, 2);
  const marked = JSON.stringify(value, (_, member) => (plain(member) === member ? member : `\0${member.rawJSON}`), 2);
  return marked.replace(/"\\u0000([-+.\deE]+)"/g, '$1');
}

/** The tokens of JSON text: strings, brackets and marks, and words and numbers. */
const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g;

/** Text that is JSON over several lines, its members in their order and its numbers as they are written; other text stays as it is. */
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

/** The text of a member of the object that JSON text is, as it stands there; `undefined` if it has none. Of a name that stands twice the last. */
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
 * JSON text with each string and number replaced by what `change(token, name)` gives: JSON text as well. `name` is that of the member
 * whose value it is; items of an array have none.
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
