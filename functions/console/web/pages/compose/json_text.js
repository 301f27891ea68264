// Parses JSON with the position of each part and of errors. `JSON.parse` gives no positions, reorders names such as
// "1", and changes numbers of more than 15 digits.

const MAX_LEVELS = 128;

/** An error in JSON: `what` is wrong at `offset`. */
export class JsonError extends Error {
  constructor(what, offset) {
    super(what);
    this.what = what;
    this.offset = offset;
  }
}

/**
 * Reads JSON text. Returns `{ root, strings, error }`: the parsed tree, its strings that are values, and the
 * `JsonError` at which reading ended. A node has `kind`, `start` and `end`; a string its `value`; an object `members`
 * (`{ name, start, end, node }`); an array `items`. A string that is a value has its `path` too: names and indexes.
 */
export function scanJson(text) {
  const scanner = new Scanner(text);
  try {
    const root = scanner.value([]);
    scanner.space();
    if (scanner.at < text.length) scanner.fail('extra');
    return { root, strings: scanner.strings, error: null };
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    return { root: null, strings: scanner.strings, error };
  }
}

class Scanner {
  constructor(text) {
    this.text = text;
    this.at = 0;
    this.strings = [];
  }

  fail(what, offset = this.at) {
    throw new JsonError(what, offset);
  }

  space() {
    while (' \t\n\r'.includes(this.text[this.at] ?? 'x')) this.at += 1;
  }

  value(path) {
    this.space();
    const start = this.at;
    const first = this.text[start];
    if (path.length > MAX_LEVELS) this.fail('levels');
    if (first === undefined) this.fail(start === 0 || !this.text.trim() ? 'empty' : 'end');
    if (first === '{') return this.object(path);
    if (first === '[') return this.array(path);
    if (first === '"') {
      const node = { kind: 'string', path, ...this.string() };
      this.strings.push(node);
      return node;
    }
    const word = /[^\s,:\]}[{"]*/y;
    word.lastIndex = start;
    const [found] = word.exec(this.text);
    if (/^(?:true|false|null)$/.test(found)) this.at += found.length;
    else if (/^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(found)) this.at += found.length;
    else this.fail(found === '' && first !== ',' ? 'value' : first === "'" ? 'quotes' : 'value');
    return { kind: /^[tfn]/.test(found) ? 'literal' : 'number', start, end: this.at };
  }

  object(path) {
    const start = this.at;
    const members = [];
    this.at += 1;
    this.space();
    while (this.text[this.at] !== '}') {
      if (members.length) this.comma('}');
      if (this.text[this.at] === '{' && this.at === start + 1) this.fail('variable', start);
      if (this.text[this.at] !== '"') this.fail(this.text[this.at] === undefined ? 'end' : this.text[this.at] === '}' ? 'trailing' : 'name');
      const name = this.string();
      this.space();
      if (this.text[this.at] !== ':') this.fail(this.text[this.at] === undefined ? 'end' : 'colon');
      this.at += 1;
      members.push({ name: name.value, start: name.start, end: name.end, node: this.value([...path, name.value]) });
      this.space();
    }
    this.at += 1;
    return { kind: 'object', start, end: this.at, members };
  }

  array(path) {
    const start = this.at;
    const items = [];
    this.at += 1;
    this.space();
    while (this.text[this.at] !== ']') {
      if (items.length) this.comma(']');
      items.push(this.value([...path, items.length]));
      this.space();
    }
    this.at += 1;
    return { kind: 'array', start, end: this.at, items };
  }

  comma(close) {
    const at = this.at;
    if (this.text[at] === undefined) this.fail('end');
    if (this.text[at] !== ',') this.fail('comma');
    this.at += 1;
    this.space();
    if (this.text[this.at] === close) this.fail('trailing', at);
  }

  string() {
    const start = this.at;
    for (this.at += 1; this.text[this.at] !== '"'; this.at += 1) {
      const char = this.text[this.at];
      if (char === undefined) this.fail('string', start);
      if (char < ' ') this.fail(char === '\n' || char === '\r' ? 'string' : 'control', char < ' ' && char !== '\n' && char !== '\r' ? this.at : start);
      if (char === '\\') {
        const escape = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
        escape.lastIndex = this.at;
        const found = escape.exec(this.text);
        if (!found) this.fail('escape');
        this.at += found[0].length - 1;
      }
    }
    this.at += 1;
    return { start, end: this.at, value: JSON.parse(this.text.slice(start, this.at)) };
  }
}

/** The offset in JSON text of the character `index` of a string's value. */
export function offsetInString(text, string, index) {
  let at = string.start + 1;
  for (let left = index; left > 0 && at < string.end - 1; left -= 1) {
    if (text[at] !== '\\') at += 1;
    else at += text[at + 1] === 'u' ? 6 : 2;
  }
  return at;
}

/** The node at a path of names and indexes. The last one counts if a name occurs twice. */
export function nodeAt(root, path) {
  let node = root;
  for (const step of path) {
    if (node?.kind === 'object') node = node.members.findLast(({ name }) => name === step)?.node;
    else if (node?.kind === 'array') node = node.items[step];
    else return undefined;
  }
  return node;
}

/** The text of a part of JSON text as written; `undefined` if there is no such part. */
export function partOf(text, path) {
  const node = nodeAt(scanJson(text).root, path);
  return node && text.slice(node.start, node.end);
}

/** Formats JSON over several lines, with numbers and strings as written. Returns other text unchanged. */
export function formatJson(text) {
  const { root } = scanJson(text);
  return root ? printed(text, root, '') : text;
}

function printed(text, node, indent) {
  const inner = `${indent}  `;
  if (node.kind === 'object' && node.members.length) {
    const members = node.members.map(({ start, end, node }) => `${inner}${text.slice(start, end)}: ${printed(text, node, inner)}`);
    return `{\n${members.join(',\n')}\n${indent}}`;
  }
  if (node.kind === 'array' && node.items.length) {
    return `[\n${node.items.map((item) => inner + printed(text, item, inner)).join(',\n')}\n${indent}]`;
  }
  return node.kind === 'object' ? '{}' : node.kind === 'array' ? '[]' : text.slice(node.start, node.end);
}

/** Builds the text of a JSON object from names and values in JSON text. */
export const objectText = (entries) => `{${entries.map(([name, text]) => `${JSON.stringify(name)}:${text}`).join(',')}}`;

/** Names and texts of a flat JSON object, numbers and booleans as written; `null` if it is not one. */
export function flatPairs(text) {
  const { root } = scanJson(text);
  if (root?.kind !== 'object' || root.members.some(({ node }) => node.kind === 'object' || node.kind === 'array')) return null;
  return root.members.map(({ name, node }) => [name, node.kind === 'string' ? node.value : text.slice(node.start, node.end)]);
}

/** Line and column of an offset, both from 1, in characters. */
export function lineAndColumn(text, offset) {
  const before = text.slice(0, offset);
  const line = before.split('\n').length;
  const column = [...before.slice(before.lastIndexOf('\n') + 1)].length + 1;
  return { line, column };
}

/** The offset of a line and column, both from 1, in characters. */
export function offsetOf(text, line, column) {
  const lines = text.split('\n');
  const before = lines.slice(0, line - 1).reduce((sum, line) => sum + line.length + 1, 0);
  const inLine = [...(lines[line - 1] ?? '')].slice(0, column - 1).join('').length;
  return Math.min(before + inLine, text.length);
}
