// Reads a `curl` command that was pasted. It is parsed as text: no part of it runs, and no file that it names is opened.
import { bodyOfData, dataOf, isImplied, partOfForm } from './curl_body.js';
import { optionsOf } from './curl_options.js';
import { wordsOf } from './shell_words.js';

/** Whether a text is a `curl` command. */
export const isCurl = (text) => /^\s*(?:\$\s+)?curl(?:\.exe)?\s/.test(text);

/** Headers that belong to the connection or to the format of the body. */
const DROPPED = /^(?:host|content-length|connection|transfer-encoding|expect|te|upgrade|keep-alive|webhook-.*)$/i;

/**
 * Reads a command. Returns `{ method, url, headers, body, notes, secrets }`: `headers` and the rows of `body` are pairs,
 * `notes` are `[name, values]` of options that were left out or guessed. `null` if it names no URL.
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
  // A variable in `-u` became part of one secret for both user and password.
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
