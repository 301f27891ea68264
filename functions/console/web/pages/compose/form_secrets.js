// The secrets of a form: which it uses, and which it holds as text.
import { filledRows } from './form.js';
import { scanJson } from './json_text.js';
import { editorText, fieldOfPath } from './problems.js';
import { HIDDEN, isLiteral, literalInHeader, literalsInUrl, namesSecret, partsOf, secretNameFor } from './templates.js';

/** The templates of a form with the control and the part of the form that each is in. */
function templatesOf(form) {
  const { url, headers, body, method } = form;
  const ofRows = (rows, kind, group) => filledRows(rows).map(({ id, value }) => ({ target: `${kind}:${id}:value`, group, text: value }));
  const request = [{ target: 'url', group: 'url', text: url }, ...ofRows(headers, 'header', 'headers')];
  const text = editorText(form);
  if (text !== null) return [...request, { target: 'body', group: 'body', text, isJson: true }];
  return method === 'GET' || body.format === 'default' ? request : [...request, ...ofRows(body.rows, 'row', 'body')];
}

/** Names of the secrets that a form uses, in their order, with the group (`url`, `headers`, `body`) of the first use. */
export function usedSecrets(form, known = []) {
  const used = new Map();
  for (const { target, group, text, isJson } of templatesOf(form)) {
    const texts = isJson ? scanJson(text).strings.map(({ value }) => value) : [text];
    const parts = texts.flatMap((text) => partsOf(text, { inUrl: target === 'url', known }));
    for (const { kind, name } of parts) if (kind === 'secret' && !used.has(name)) used.set(name, group);
  }
  return [...used].map(([name, group]) => ({ name, group }));
}

/**
 * Secrets that a form contains as text: `{ target, group, field, start, end, value }`. `start` and `end` are in the text of
 * the control, `value` is what the receiver gets.
 */
export function literalSecrets(form) {
  const found = [];
  const plain = (text) => text.replaceAll('%%', '%');
  for (const { name, start, end } of literalsInUrl(form.url)) {
    found.push({ target: 'url', group: 'url', field: name, start, end, value: decoded(form.url.slice(start, end)) });
  }
  for (const { id, name, value } of filledRows(form.headers)) {
    const place = literalInHeader(name.trim(), value);
    if (!place) continue;
    const [start, end] = place;
    found.push({ target: `header:${id}:value`, group: 'headers', field: name.trim(), start, end, value: plain(value.slice(start, end)) });
  }
  const text = editorText(form);
  const isMember = (name, value) => name.toLowerCase() !== 'key' && namesSecret(name) && isLiteral(value);
  if (text !== null) {
    for (const { path, start, end, value } of scanJson(text).strings) {
      const name = path.findLast((step) => typeof step === 'string') ?? '';
      if (typeof path.at(-1) !== 'string' || !isMember(name, value)) continue;
      const field = fieldOfPath(path).slice('body.template.'.length);
      found.push({ target: 'body', group: 'body', field, name, start: start + 1, end: end - 1, value: plain(value) });
    }
  } else if (form.method !== 'GET' && form.body.format !== 'default') {
    for (const { id, name, value } of filledRows(form.body.rows)) {
      if (isMember(name.trim(), value)) found.push({ target: `row:${id}:value`, group: 'body', field: name.trim(), start: 0, end: value.length, value: plain(value) });
    }
  }
  return found;
}

function decoded(text) {
  try {
    return decodeURIComponent(text.replaceAll('%%', '%25'));
  } catch {
    return text;
  }
}

/** Replaces a part of the text in the control `target` by `insert`. */
export function replaceIn(form, target, start, end, insert) {
  const put = (text) => text.slice(0, start) + insert + text.slice(end);
  const inRow = (rows, id) => rows.map((row) => (String(row.id) === id ? { ...row, value: put(row.value) } : row));
  const [kind, id] = target.split(':');
  if (kind === 'url') return { ...form, url: put(form.url) };
  if (kind === 'header') return { ...form, headers: inRow(form.headers, id) };
  if (kind === 'row') return { ...form, body: { ...form.body, rows: inRow(form.body.rows, id) } };
  const { body } = form;
  return { ...form, body: body.format === 'json' ? { ...body, json: put(body.json) } : { ...body, raw: put(body.raw) } };
}

/** Converts a literal secret to a named one. Returns `{ form, name, value }`. */
export function namedSecret(form, literal, existing) {
  const { target, start, end, value, field, name: member } = literal;
  const text = target.startsWith('header:') ? form.headers.find(({ id }) => `header:${id}:value` === target).value : '';
  const name = secretNameFor(member ?? field, text, existing);
  return { form: replaceIn(form, target, start, end, `%${name}%`), name, value };
}

/** A form without its literal secrets: `•••` stands for each. Returns `{ form, lost }`; `lost` names the fields. */
export function withoutSecrets(form) {
  let kept = { ...form, url: form.url.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/?#]*@/i, `$1${HIDDEN}:${HIDDEN}@`) };
  const lost = [];
  // From the end, so that earlier positions stay valid.
  for (const { target, field, start, end } of literalSecrets(kept).reverse()) {
    kept = replaceIn(kept, target, start, end, HIDDEN);
    lost.unshift(field);
  }
  if (form.url !== kept.url && /^[^/]*\/\/[^/?#]*@/.test(form.url)) lost.unshift('url');
  const { body } = kept;
  const views = { json: hideInBroken(body.json), raw: hideInBroken(body.raw), rows: body.rows.map(hideInRow) };
  const isSame = views.json === body.json && views.raw === body.raw && views.rows.every((row, index) => row === body.rows[index]);
  return { form: isSame ? kept : { ...kept, body: { ...body, ...views } }, lost };
}

/** Hides text that looks like a secret in invalid JSON, or in JSON of a view that is not shown. */
function hideInBroken(text) {
  return text.replace(/"((?:[^"\\\n]|\\.)*)"(\s*:\s*)"((?:[^"\\\n]|\\.)*)"?/g, (whole, name, between, value) => {
    const isSecret = name.toLowerCase() !== 'key' && namesSecret(name) && isLiteral(value);
    return isSecret ? `"${name}"${between}"${HIDDEN}"` : whole;
  });
}

const hideInRow = (given) => (given.name.toLowerCase() !== 'key' && namesSecret(given.name.trim()) && isLiteral(given.value) ? { ...given, value: HIDDEN } : given);
