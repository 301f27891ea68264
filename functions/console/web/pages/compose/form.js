// The composer's form, and the settings of a webhook that it represents. The settings are written as text, so
// that numbers keep their digits and names their order.
import { flatPairs, formatJson, objectText, partOf } from './json_text.js';

let lastId = 0;

/** A row with a name, a value and a stable id. */
export const row = (name = '', value = '') => ({ id: (lastId += 1), name, value });

export const DEFAULT_CODES = '200, 202';
export const METHODS = ['POST', 'PUT', 'GET'];
export const FORMATS = ['default', 'json', 'form', 'multipart'];

/** The body of a form: `format`, the JSON text, and the rows of a form, or their JSON while `isRaw`. */
export const bodyOf = (changes = {}) => ({ format: 'default', json: '{\n  \n}', rows: [], isRaw: false, raw: '', ...changes });

/** An empty form. */
export const emptyForm = () => ({
  name: '', method: 'POST', url: '', headers: [], body: bodyOf(), codes: DEFAULT_CODES, reports: { which: 'all', number: '', flow: '', source: 'OBD' },
});

/** The form of a webhook, from the text of the API's answer. */
export function formOf(text) {
  const value = (name) => {
    const part = partOf(text, [name]);
    return part === undefined ? undefined : JSON.parse(part);
  };
  const headers = flatPairs(partOf(text, ['headers']) ?? '{}') ?? [];
  return {
    ...emptyForm(),
    name: value('name') ?? '',
    method: value('method') ?? 'POST',
    url: value('url') ?? '',
    headers: headers.map(([name, value]) => row(name, value)),
    body: bodyFrom(partOf(text, ['body', 'template']), value('body')?.format),
    codes: (value('success_codes') ?? [200, 202]).join(', '),
  };
}

/** The form's body for a template of the API. */
export function bodyFrom(template, format) {
  if (!format || template === undefined) return bodyOf();
  if (format === 'json') return bodyOf({ format, json: formatJson(template) });
  const pairs = flatPairs(template);
  if (!pairs) return bodyOf({ format, isRaw: true, raw: formatJson(template) });
  return bodyOf({ format, rows: pairs.map(([name, value]) => row(name, value)) });
}

const isFilled = ({ name, value }) => name.trim() !== '' || value !== '';

/** The rows with a name or a value. An empty row is only a place to type. */
export const filledRows = (rows) => rows.filter(isFilled);

const rowsText = (rows) => objectText(filledRows(rows).map(({ name, value }) => [name.trim(), JSON.stringify(value)]));

/** The codes of the field "success codes"; `null` if it is wrong. */
export function codesOf(text) {
  const codes = text.trim().split(/[\s,]+/).filter(Boolean);
  const isRight = codes.length > 0 && codes.length <= 20 && codes.every((code) => /^[23]\d\d$/.test(code));
  return isRight ? codes.map(Number) : null;
}

/** The JSON text of a form's body, `null` for the default payload. */
export function templateText({ format, json, rows, isRaw, raw }) {
  if (format === 'default') return null;
  if (format === 'json') return json;
  return isRaw ? raw : rowsText(rows);
}

/** The settings of a form: pairs of name and JSON text, `null` where the default applies. */
export function settingsOf(form) {
  const { name, method, url, headers, body, codes } = form;
  const template = method === 'GET' ? null : templateText(body);
  const successCodes = codesOf(codes);
  return [
    ['name', JSON.stringify(name.trim())],
    ['method', JSON.stringify(method)],
    ['url', JSON.stringify(url.trim())],
    ['headers', filledRows(headers).length ? rowsText(headers) : 'null'],
    ['body', template === null ? 'null' : objectText([['format', JSON.stringify(body.format)], ['template', template]])],
    ['success_codes', successCodes === null || successCodes.join() === '200,202' ? 'null' : JSON.stringify(successCodes)],
  ];
}

/** The settings in which two forms differ. White space in JSON does not count. */
export function changedSettings(form, saved) {
  const before = new Map(settingsOf(saved));
  const plain = (text) => formatJson(text);
  return settingsOf(form).filter(([name, text]) => plain(text) !== plain(before.get(name)));
}

/**
 * The form after a save: the parts that were edited since `sent` as they are `now`, all others as they are `saved`. Equal
 * parts keep the ids of their rows, so that the focus stays in them.
 */
export function formSince(now, sent, saved) {
  const differing = new Set(changedSettings(now, saved).map(([name]) => name));
  const kept = Object.keys(now).filter((part) => now[part] !== sent[part] || !differing.has(SETTING_OF[part] ?? part));
  return { ...saved, ...Object.fromEntries(kept.map((part) => [part, now[part]])) };
}

/** The names of settings whose part of the form has another name. */
const SETTING_OF = { codes: 'success_codes' };

/** Whether the request of a form was edited: any setting but the name. */
export const isTouched = (form, saved) => changedSettings(form, saved).some(([name]) => name !== 'name');

/** Reads the raw view of a form's body into rows; `null` if it is not a flat object. */
export const rowsFrom = (raw) => flatPairs(raw)?.map(([name, value]) => row(name, value)) ?? null;

/** The raw view of rows. */
export const rawOf = (rows) => formatJson(rowsText(rows));

/** The documented fields of the default payload that reports of every source have, as templates. */
const DEFAULT_FIELDS = ['bridge', 'from', 'to', 'source', 'start_at', 'end_at', 'duration', 'status', 'recording_url', 'webhook_id']
  .map((name) => [name, `{{${name}}}`]);

const isForm = (format) => format === 'form' || format === 'multipart';
const isBlankJson = (text) => /^\s*(?:\{\s*\})?\s*$/.test(text);
const rowsOf = (pairs) => pairs.map(([name, value]) => row(name, value));

/**
 * Converts the body to another format. Typed values are kept: a flat JSON object becomes rows, rows become an object. A
 * format that has content already keeps it. An empty body begins with the documented fields.
 */
export function inFormat(body, format) {
  const hasRows = filledRows(body.rows).length > 0 || body.raw !== '';
  const isEmpty = !hasRows && isBlankJson(body.json);
  if (isForm(format)) {
    if (hasRows || (isForm(body.format) && body.rows.length)) return { ...body, format };
    const pairs = isEmpty ? DEFAULT_FIELDS : flatPairs(body.json);
    return { ...body, format, rows: pairs?.length ? rowsOf(pairs) : [row()] };
  }
  if (format === 'json' && isBlankJson(body.json)) {
    const json = isEmpty ? rawOf(rowsOf(DEFAULT_FIELDS)) : body.isRaw ? body.raw : rawOf(body.rows);
    return { ...body, format, json };
  }
  return { ...body, format };
}
