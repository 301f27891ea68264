// Requests to the API with the key of the session.
import { ApiError, kindOf } from './errors.js';
import { operations } from './operations.js';
import { parseJson } from '../lib/json.js';
import { accountId, key, signOut } from '../state/session.js';

/** The base URL of both the console (`<base>/console/`) and the API (`<base>/v1/…`). */
const base = new URL('..', globalThis.location?.href ?? 'http://localhost/console/');

/** The timeout of a request: longer than the slowest operation, a test of 30 s. */
const TIMEOUT_MS = 35_000;

/** The URL of an operation with its parameters filled in, for requests and for `curl` lines. */
export function urlOf(name, params = {}, query = {}) {
  const [, template] = operations[name];
  const path = template.replace(/\{(\w+)\}/g, (_, param) => encodeURIComponent(params[param]));
  const url = new URL(path.slice(1), base);
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== '') url.searchParams.set(name, value);
  }
  return url;
}

/**
 * Calls an operation. `params` fill the path, `query` omits empty values, `version` is sent as `If-Match`. `as` replaces
 * the session's key; `actFor` is the account that it acts for if it is a platform key. `bodyText` is a body as JSON text.
 * Returns the parsed body (`null` for an empty one), or its text with `asText`; throws `ApiError`.
 */
export async function call(name, { params, query, body, bodyText, version, signal, as, actFor, asText = false } = {}) {
  const [method] = operations[name];
  const used = as ?? key();
  if (!used) throw new ApiError('key');
  // URL parsers resolve these segments, so the request would go to another path.
  if (Object.values(params ?? {}).some((value) => value === '.' || value === '..')) throw new ApiError('not-found');
  const headers = { authorization: `Bearer ${used}` };
  const acted = as ? actFor : accountId();
  if (acted) headers['x-account-id'] = acted;
  if (version !== undefined) headers['if-match'] = `"${version}"`;
  const sent = bodyText ?? (body === undefined ? undefined : JSON.stringify(body));
  if (sent !== undefined) headers['content-type'] = 'application/json';
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  const aborts = signal && AbortSignal.any ? AbortSignal.any([signal, timeout]) : (signal ?? timeout);
  let response;
  let text;
  try {
    response = await fetch(urlOf(name, params, query), {
      method, headers, body: sent, signal: aborts, cache: 'no-store', credentials: 'omit', redirect: 'error',
    });
    text = await response.text();
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ApiError(timeout.aborted ? 'timeout' : 'offline');
  }
  if (response.ok && asText) return text;
  const parsed = parsedOrNull(text);
  if (response.ok) return parsed;
  const retryAfter = Number(response.headers.get('retry-after')) || undefined;
  const error = new ApiError(kindOf(response.status, parsed), { status: response.status, problem: parsed ?? undefined, retryAfter });
  // A response to an earlier key says nothing about the current one.
  if (error.kind === 'key' && !as && used === key()) signOut('key');
  throw error;
}

function parsedOrNull(text) {
  try {
    return text ? parseJson(text) : null;
  } catch {
    return null;
  }
}

/** The `curl` line of an operation. The key is written as `$KEY`, which keeps it out of chats and tickets. */
export function curlOf(name, { params, query, body, bodyText } = {}) {
  const [method] = operations[name];
  const parts = ['curl -sS', method === 'GET' ? '' : `-X ${method}`, quoted(urlOf(name, params, query).href), '-H "Authorization: Bearer $KEY"'];
  if (accountId()) parts.push(`-H ${quoted(`X-Account-Id: ${accountId()}`)}`);
  const sent = bodyText ?? (body === undefined ? undefined : JSON.stringify(body));
  if (sent !== undefined) parts.push(`-H 'content-type: application/json' -d ${quoted(sent)}`);
  return parts.filter(Boolean).join(' ');
}

/** A text as one word of a POSIX shell. */
export const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;
