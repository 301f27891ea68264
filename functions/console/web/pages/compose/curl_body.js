// The body of a `curl` command.
import { formatJson, scanJson } from './json_text.js';

const FORM = 'application/x-www-form-urlencoded';

/** The text of an option such as `-d`; a file that it names is noted, and not read. */
export function dataOf({ name, value }, notes) {
  if (name === 'data-urlencode') {
    const [key, ...rest] = value.split('=');
    return rest.length ? `${key ? `${key}=` : ''}${encodeURIComponent(rest.join('='))}` : encodeURIComponent(value);
  }
  if (name !== 'data-raw' && name !== 'json' && value.startsWith('@')) notes.push(['file', { name: value.slice(1) }]);
  return value;
}

/** The name and value of a part, `-F`; `null` for a file. */
export function partOfForm(option, value, notes) {
  const [name, ...rest] = value.split('=');
  const text = rest.join('=');
  if (option === 'form' && /^[@<]/.test(text)) {
    notes.push(['file', { name: text.slice(1) }]);
    return null;
  }
  return [name, option === 'form' ? text.replace(/;type=[^;]*$/, '') : text];
}

/** The format and content of a body, from its type and its text. */
export function bodyOfData(text, contentType, notes) {
  const isJson = /json/i.test(contentType ?? '') || (!contentType && /^\s*[[{]/.test(text));
  if (isJson || scanJson(text).root?.kind === 'object') {
    if (scanJson(text).error) notes.push(['json', {}]);
    return { format: 'json', json: formatJson(text) };
  }
  if (!contentType || contentType.toLowerCase().startsWith(FORM)) return { format: 'form', rows: text.split('&').filter(Boolean).map(pairOf) };
  return { format: 'json', json: JSON.stringify(text) };
}

function pairOf(pair) {
  const [name, ...rest] = pair.split('=');
  // `%token%` and `{{to}}` are not percent-encoding.
  const decoded = (text) => text.replaceAll('+', ' ').replace(/(?:%[0-9a-f]{2}(?![\w-]*%(?![0-9a-f]{2})))+/gi, (encoded) => {
    try {
      return decodeURIComponent(encoded);
    } catch {
      return encoded;
    }
  });
  return [decoded(name), /\{\{/.test(rest.join('=')) ? rest.join('=') : decoded(rest.join('='))];
}

/** Whether the format of the body implies the type. */
export const isImplied = (type, body) => (body?.format === 'json' && /^application\/json\b/i.test(type)) || (body?.format === 'form' && type.toLowerCase().startsWith(FORM));
