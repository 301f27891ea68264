// The sources of the console, for tests that check the names in them.
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const web = fileURLToPath(new URL('..', import.meta.url));
const others = new Set(['node_modules', 'testing', 'texts']);

/** `{ file, text }` of every module except tests, texts and installed packages. */
export function sources(folder = web) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const full = path.join(folder, entry.name);
    if (entry.isDirectory()) return others.has(entry.name) ? [] : sources(full);
    return /(?<!\.test)\.js$/.test(entry.name) ? [{ file: path.relative(web, full), text: readFileSync(full, 'utf8') }] : [];
  });
}

const pairs = { '(': ')', '{': '}', '[': ']' };

/** The index after the bracket that closes the one at `start`. Brackets in texts do not count. */
export function endOfBracket(text, start) {
  const open = [];
  let quote = null;
  for (let at = start; at < text.length; at += 1) {
    const char = text[at];
    if (char === '\\') at += 1;
    else if (quote) {
      if (char === quote) quote = null;
      else if (quote === '`' && char === '$' && text[at + 1] === '{') at = endOfBracket(text, at + 1) - 1;
    } else if (char === '\'' || char === '"' || char === '`') quote = char;
    else if (pairs[char]) open.push(pairs[char]);
    else if (char === open.at(-1)) {
      open.pop();
      if (!open.length) return at + 1;
    }
  }
  return text.length;
}

/** The text of a template literal that begins at a backtick, each `${…}` as `${}`. */
export function templateAt(text, start) {
  let found = '';
  for (let at = start + 1; text[at] !== '`' && at < text.length; at += 1) {
    if (text[at] === '$' && text[at + 1] === '{') {
      at = endOfBracket(text, at + 1) - 1;
      found += '${}';
    } else found += text[at];
  }
  return found;
}

/** The names of the members of an object literal that begins at a brace, without nested ones. */
export function membersAt(text, start) {
  const end = endOfBracket(text, start) - 1;
  const names = [];
  let at = start + 1;
  while (at < end) {
    const name = /^\s*(?:\.\.\.|'([^']+)'|"([^"]+)"|([\w$]+))/.exec(text.slice(at, end));
    if (!name) break;
    const found = name[1] ?? name[2] ?? name[3];
    if (found) names.push(found);
    at += name[0].length;
    while (at < end && text[at] !== ',') at = '({[`\'"'.includes(text[at]) ? afterValue(text, at) : at + 1;
    at += 1;
  }
  return names;
}

function afterValue(text, at) {
  if (pairs[text[at]]) return endOfBracket(text, at);
  let end = at + 1;
  while (end < text.length && text[end] !== text[at]) end += text[end] === '\\' ? 2 : 1;
  return end + 1;
}
