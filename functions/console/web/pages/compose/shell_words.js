// Splits a command as a shell does. No part of it runs.
import { isSecretName } from './templates.js';

const ESCAPES = { n: '\n', t: '\t', r: '\r', '\\': '\\', "'": "'", '"': '"' };

/**
 * The words of a shell command, and the names of variables in them, which become secrets. Stops at the end of the command.
 * `^` and a backtick at the end of a line are the continuations of Windows' shells.
 */
export function wordsOf(command) {
  const words = [];
  const variables = new Set();
  const text = command.replace(/[\\^`]\r?\n/g, ' ');
  let word = null;
  let at = 0;
  const add = (part) => {
    word = (word ?? '') + part;
  };
  const variable = () => {
    const found = /^\$(?:\{(\w+)\}|(\w+))/.exec(text.slice(at));
    const name = found?.[1] ?? found?.[2];
    if (!name || !isSecretName(name)) return false;
    variables.add(name);
    add(`%${name}%`);
    at += found[0].length;
    return true;
  };
  while (at < text.length) {
    const char = text[at];
    const next = text[at + 1];
    if (char === "'") {
      const end = text.indexOf("'", at + 1);
      add(text.slice(at + 1, end < 0 ? undefined : end));
      at = end < 0 ? text.length : end + 1;
    } else if (char === '$' && next === "'") {
      for (at += 2; at < text.length && text[at] !== "'"; at += 1) {
        const found = /^\\(?:x([0-9a-f]{2})|u([0-9a-f]{4}))/i.exec(text.slice(at, at + 6));
        if (found) {
          add(String.fromCharCode(parseInt(found[1] ?? found[2], 16)));
          at += found[0].length - 1;
        } else if (text[at] === '\\') {
          at += 1;
          add(ESCAPES[text[at]] ?? `\\${text[at] ?? ''}`);
        } else add(text[at]);
      }
      add('');
      at += 1;
    } else if (char === '"') {
      add('');
      at += 1;
      while (at < text.length && text[at] !== '"') {
        if (text[at] === '$' && variable()) continue;
        if (text[at] === '\\' && '"\\$`'.includes(text[at + 1] ?? 'x')) at += 1;
        add(text[at]);
        at += 1;
      }
      at += 1;
    } else if (/\s/.test(char)) {
      if (word !== null) words.push(word);
      word = null;
      at += 1;
      // A line that has no continuation ends the command.
      if (char === '\n' && words.length && !/^\s*-/.test(text.slice(at))) break;
    } else if (char === '|' || char === ';' || char === '>' || (char === '&' && /^&?(?:\s|$)/.test(text.slice(at + 1)))) break;
    else if (char === '\\') {
      add(next ?? '');
      at += 2;
    } else if (char !== '$' || !variable()) {
      add(char);
      at += 1;
    }
  }
  if (word !== null) words.push(word);
  return { words, variables: [...variables] };
}
