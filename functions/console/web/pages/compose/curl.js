// Reads a `curl` command that was pasted. It is read as text: no part of it runs, and no file that it names is opened.
import { formatJson, scanJson } from './json_text.js';
import { wordsOf } from './shell_words.js';

/** Whether a text is a `curl` command. */
export const isCurl = (text) => /^\s*(?:\$\s+)?curl(?:\.exe)?\s/.test(text);

/** Short options that have a value, by the name of the long one; all others have none. */
const SHORT = {
  X: 'request', H: 'header', d: 'data', F: 'form', u: 'user', A: 'user-agent', b: 'cookie', e: 'referer', o: 'output', m: 'max-time', x: 'proxy',
  w: 'write-out', T: 'upload-file', c: 'cookie-jar', E: 'cert', r: 'range', t: 'telnet-option', K: 'config', D: 'dump-header', U: 'proxy-user', y: 'speed-time', Y: 'speed-limit', z: 'time-cond', C: 'continue-at', P: 'ftp-port', Q: 'quote',
};

/** Long options that have a value beside those above. */
const WITH_VALUE = new Set([
  ...Object.values(SHORT), 'data-raw', 'data-binary', 'data-ascii', 'data-urlencode', 'json', 'form-string', 'url', 'oauth2-bearer', 'connect-timeout', 'retry',
  'retry-delay', 'retry-max-time', 'cacert', 'capath', 'cert-type', 'key', 'key-type', 'pass', 'resolve', 'connect-to', 'interface', 'limit-rate', 'max-redirs', 'noproxy', 'ciphers',
  'tls-max', 'url-query', 'aws-sigv4', 'unix-socket', 'dns-servers', 'proto', 'stderr', 'trace', 'trace-ascii',
]);

/** Options and operands of a command. */
function optionsOf(words) {
  const options = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at];
    if (word.startsWith('--') && word.length > 2) {
      const [name, value] = word.slice(2).split(/=(.*)/s, 2);
      options.push([name, WITH_VALUE.has(name) ? value ?? words[(at += 1)] ?? '' : null]);
    } else if (word.startsWith('-') && word.length > 1) {
      for (let letter = 1; letter < word.length; letter += 1) {
        const name = SHORT[word[letter]];
        if (!name) options.push([{ G: 'get', I: 'head', k: 'insecure', L: 'location' }[word[letter]] ?? word[letter], null]);
        else {
          options.push([name, word.slice(letter + 1) || (words[(at += 1)] ?? '')]);
          break;
        }
      }
    } else options.push(['url', word]);
  }
  return options;
}

/** Headers that belong to the connection or to the format of the body. */
const DROPPED = /^(?:host|content-length|connection|transfer-encoding|expect|te|upgrade|keep-alive|webhook-.*)$/i;
const FORM = 'application/x-www-form-urlencoded';

/**
 * Reads a command. Answers `{ method, url, headers, body, notes, secrets }`: `headers` and the rows of `body` are pairs,
 * `notes` are `[name, values]` of what was left out or guessed. `null` if it names no URL.
 */
export function readCurl(command) {
  if (!isCurl(command)) return null;
  const { words, variables } = wordsOf(command.trim().replace(/^\$\s+/, ''));
  const options = optionsOf(words.slice(1));
  const all = (...names) => options.filter(([name]) => names.includes(name)).map(([name, value]) => ({ name, value }));
  const last = (name) => all(name).at(-1)?.value;
  const notes = variables.map((name) => ['variable', { name }]);
  let url = last('url');
  if (!url) return null;
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(url)) url = `http://${url}`;
  const headers = [];
  let contentType = null;
  for (const { value } of all('header')) {
    const found = /^([^:;]+)[:;]\s*([^]*)$/.exec(value);
    if (!found) continue;
    const name = found[1].trim();
    if (/^content-type$/i.test(name)) contentType = found[2].trim();
    else if (DROPPED.test(name)) notes.push(['header', { name }]);
    else headers.push([name, found[2].trimEnd()]);
  }
  for (const [option, name] of [['user-agent', 'User-Agent'], ['referer', 'Referer'], ['cookie', 'Cookie']]) {
    const value = last(option);
    if (value) headers.push([name, value]);
  }
  if (last('oauth2-bearer')) headers.push(['Authorization', `Bearer ${last('oauth2-bearer')}`]);
  const user = last('user');
  if (user) headers.push(['Authorization', basic(user, notes)]);
  const data = all('data', 'data-raw', 'data-binary', 'data-ascii', 'data-urlencode', 'json').map((given) => dataOf(given, notes));
  const parts = all('form', 'form-string').map(({ name, value }) => partOfForm(name, value, notes)).filter(Boolean);
  let body = null;
  if (all('get').length && data.length) url += `${url.includes('?') ? '&' : '?'}${data.join('&')}`;
  else if (parts.length) body = { format: 'multipart', rows: parts };
  else if (data.length) body = bodyOfData(all('json').length ? data.join('') : data.join('&'), all('json').length ? 'application/json' : contentType, notes);
  if (contentType && body?.format !== 'multipart' && !isImplied(contentType, body)) {
    if (body) notes.push(['contentType', { type: contentType }]);
    else headers.push(['Content-Type', contentType]);
  }
  const asked = last('request')?.toUpperCase();
  const implied = body ? 'POST' : 'GET';
  const method = ['GET', 'POST', 'PUT'].includes(asked ?? implied) ? asked ?? implied : 'POST';
  if (asked && asked !== method) notes.push(['method', { method: asked }]);
  if (method === 'GET' && body) notes.push(['getBody', {}]);
  if (all('insecure').length) notes.push(['insecure', {}]);
  // A variable in `-u` went into a secret for both, user and password.
  const written = JSON.stringify([url, headers, body]);
  const secrets = variables.filter((name) => written.includes(`%${name}%`));
  return { method, url, headers, body, notes: notes.filter(([kind, { name }]) => kind !== 'variable' || secrets.includes(name)), secrets };
}

/** User and password as a header; a password that is a variable cannot be encoded, and becomes one secret. */
function basic(user, notes) {
  const isText = !/%\w+%/.test(user);
  if (!isText) notes.push(['basic', {}]);
  return isText ? `Basic ${btoa(String.fromCharCode(...new TextEncoder().encode(user)))}` : 'Basic %credentials%';
}

function dataOf({ name, value }, notes) {
  if (name === 'data-urlencode') {
    const [key, ...rest] = value.split('=');
    return rest.length ? `${key ? `${key}=` : ''}${encodeURIComponent(rest.join('='))}` : encodeURIComponent(value);
  }
  if (name !== 'data-raw' && name !== 'json' && value.startsWith('@')) notes.push(['file', { name: value.slice(1) }]);
  return value;
}

function partOfForm(option, value, notes) {
  const [name, ...rest] = value.split('=');
  const text = rest.join('=');
  if (option === 'form' && /^[@<]/.test(text)) {
    notes.push(['file', { name: text.slice(1) }]);
    return null;
  }
  return [name, option === 'form' ? text.replace(/;type=[^;]*$/, '') : text];
}

/** A body's format and content, by its type and by what it looks like. */
function bodyOfData(text, contentType, notes) {
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
  // `%token%` and `{{to}}` are no percent-encoding.
  const decoded = (text) => text.replaceAll('+', ' ').replace(/(?:%[0-9a-f]{2}(?![\w-]*%(?![0-9a-f]{2})))+/gi, (encoded) => {
    try {
      return decodeURIComponent(encoded);
    } catch {
      return encoded;
    }
  });
  return [decoded(name), /\{\{/.test(rest.join('=')) ? rest.join('=') : decoded(rest.join('='))];
}

/** Whether the format of the body says the type already. */
const isImplied = (type, body) => (body?.format === 'json' && /^application\/json\b/i.test(type)) || (body?.format === 'form' && type.toLowerCase().startsWith(FORM));
