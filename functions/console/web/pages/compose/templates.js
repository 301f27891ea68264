// Parses templates as the API does: expressions, secrets, and literal secrets.

/** The API's placeholder for a secret. */
export const HIDDEN = '•••';

/** Whether a text can be the name of a secret. */
export const isSecretName = (name) => /^[A-Za-z_][\w-]{0,63}$/.test(name);

/** The length of the expression that `text` begins with; `null` if it has no end. Quotes may hold `}}`. */
export function expressionLength(text) {
  let quote = null;
  for (let at = 2; at < text.length; at += 1) {
    const char = text[at];
    if (quote) {
      if (char === quote) quote = null;
    } else if (char === "'" || char === '"') quote = char;
    else if (char === '}' && text[at + 1] === '}') return at + 2;
  }
  return null;
}

/**
 * The parts of a template: `{ kind, start, end, name }`, where `kind` is `expression`, `secret` or `open` (an expression
 * without an end). With `inUrl`, `%C3` may be percent-encoding; `known` are the existing secrets.
 */
export function partsOf(text, { inUrl = false, known = [] } = {}) {
  const parts = [];
  let encodedUntil = 0;
  let at = nextSign(text, 0);
  while (at < text.length) {
    const rest = text.slice(at);
    if (rest.startsWith('{{')) {
      const length = expressionLength(rest);
      parts.push({ kind: length ? 'expression' : 'open', start: at, end: at + (length ?? rest.length) });
      at += length ?? rest.length;
    } else if (rest.startsWith('%%')) at += 2;
    else if (rest[0] === '%') {
      const name = /^%([A-Za-z_][\w-]{0,63})%/.exec(rest)?.[1];
      const isEncoding = inUrl && /^%[0-9a-f]{2}/i.test(rest);
      if (isEncoding && at >= encodedUntil) encodedUntil = at + encodedUtf8(rest);
      const isDoubtful = isEncoding && (name?.length === 2 || /^%[0-9a-f]{2}/i.test(rest.slice((name?.length ?? 0) + 1)) || at < encodedUntil);
      if (name && (known.includes(name) || !isDoubtful) && !(inUrl && isBeforePath(text, at))) {
        parts.push({ kind: 'secret', start: at, end: at + name.length + 2, name });
        at += name.length + 2;
      } else at += isEncoding ? 3 : 1;
    } else at += 1;
    at = nextSign(text, at);
  }
  return parts;
}

/** The position of the next character that may begin a part. */
function nextSign(text, from) {
  const sign = /[{%]/g;
  sign.lastIndex = from;
  return sign.exec(text)?.index ?? text.length;
}

/** The length of the percent-encoded UTF-8 that `text` begins with. */
function encodedUtf8(text) {
  let length = 0;
  for (;;) {
    const first = /^%([0-9a-f]{2})/i.exec(text.slice(length, length + 3));
    if (!first) return length;
    const byte = parseInt(first[1], 16);
    const bytes = byte < 0x80 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
    try {
      decodeURIComponent(text.slice(length, length + 3 * bytes));
    } catch {
      return length;
    }
    length += 3 * bytes;
  }
}

function isBeforePath(text, offset) {
  const behind = text.slice(0, offset).split('://', 2)[1];
  return behind !== undefined && !/[/?#]/.test(behind);
}

/** The names of the secrets that a template uses, each once. */
export const secretsIn = (text, options) => [...new Set(partsOf(text, options).filter(({ kind }) => kind === 'secret').map(({ name }) => name))];

const ENDINGS = /(?:authorization|authentication|auth-code|authcode|cookie|token|secret|password|passwd|passphrase|apikey|accesskey|appkey|clientkey|licensekey|masterkey|subscriptionkey|authkey|secretkey|privatekey|credentials?|jwt)$/i;
const LAST_WORD = /(?:^|[^A-Za-z0-9])(?:auth|key|pass|pwd|session)$/i;
const LAST_HUMP = /[^A-Z](?:Auth|Key|Pass|Pwd|Session)$/;

/** Whether a header, parameter or member with this name holds a secret, by the rules of the API (docs/api.md). */
export function namesSecret(name) {
  const plain = name.replace(/[^A-Za-z]+$/, '');
  return ENDINGS.test(plain) || LAST_WORD.test(plain) || LAST_HUMP.test(plain);
}

const SCHEME = /^(?:basic|bearer|digest|dpop|oauth|token|apikey|api-key|key|negotiate|genie-key) +/i;

/** The range `[start, end]` of a literal secret in a header's value; `null` without one. */
export function literalInHeader(name, value) {
  if (!namesSecret(name) || !isLiteral(value)) return null;
  const start = SCHEME.exec(value)?.[0].length ?? value.length - value.trimStart().length;
  const end = value.trimEnd().length;
  return end > start ? [start, end] : null;
}

/** Whether a template is text only: without expressions and secrets, and without the placeholder of a hidden one. */
export const isLiteral = (text, options) => text.trim() !== '' && !text.includes(HIDDEN) && partsOf(text, options).length === 0;

/** Parameters of a URL's query that hold a literal secret: `{ name, start, end }` of the value. */
export function literalsInUrl(url) {
  const begin = url.indexOf('?') + 1;
  if (!begin) return [];
  const found = [];
  let at = begin;
  for (const pair of url.slice(begin).split('#', 1)[0].split('&')) {
    const sign = pair.indexOf('=');
    const value = sign < 0 ? '' : pair.slice(sign + 1);
    const name = pair.slice(0, Math.max(sign, 0));
    if (namesSecret(name) && isLiteral(value, { inUrl: true })) found.push({ name, start: at + sign + 1, end: at + pair.length });
    at += pair.length + 1;
  }
  return found;
}

/** A name for the secret that a field held; `existing` are the names in use. */
export function secretNameFor(field, value, existing) {
  const plain = field.toLowerCase().replace(/^x-/, '').replace(/[^a-z0-9]+/g, '_').replace(/^[_0-9]+|_+$/g, '').slice(0, 40);
  const isAuthorization = plain === 'authorization' || plain === '';
  const base = !isAuthorization ? plain : /^basic /i.test(value) ? 'credentials' : 'token';
  let name = base;
  for (let number = 2; existing.includes(name); number += 1) name = `${base}_${number}`;
  return name;
}
