// The `curl` calls of the API reference.
import { quoted } from '../api/client.js';
import { contentOf, exampleOf } from './document.js';

const KEY = '-H "Authorization: Bearer $KEY"';
const TYPE = "-H 'content-type: application/json'";

/** The longest JSON on one line; longer JSON is formatted over several. */
const ONE_LINE = 72;

/** The shell variable of a parameter: `$WEBHOOK_ID` for `{id}` behind `/webhooks/`. */
function variableOf(name, collection) {
  const singular = collection.replace(/ies$/, 'y').replace(/s$/, '').replaceAll('-', '_');
  return `$${(name === 'id' ? `${singular}_id` : name).toUpperCase()}`;
}

/** A path whose parameters are variables of the shell; curl itself would read braces as a list of URLs. */
export const pathOf = (path) => path.replace(/([\w-]+)\/\{(\w+)\}/g, (_, collection, name) => `${collection}/${variableOf(name, collection)}`);

/** A URL as one word of a shell, with its variables expanded. */
const word = (url) => (url.includes('$') ? `"${url}"` : quoted(url));

function jsonOf(value) {
  const short = JSON.stringify(value);
  return short.length > ONE_LINE ? JSON.stringify(value, null, 2) : short;
}

const joined = (parts) => parts.filter(Boolean).join(' \\\n  ');

/** The `curl` call of an operation. Variables of the shell stand for parameters, `$KEY` for the key. */
export function curlOf(operation, base) {
  const needed = operation.parameters.filter((parameter) => parameter.in === 'query' && parameter.required);
  const query = needed.map(({ name }) => `${name}=${variableOf(name, '')}`).join('&');
  const method = operation.method === 'GET' ? '' : ` -X ${operation.method}`;
  const example = exampleOf(contentOf(operation.body));
  return joined([
    `curl -sS${method} ${word(`${base}${pathOf(operation.path)}${query && `?${query}`}`)}`,
    operation.needsKey && KEY,
    example !== undefined && `${TYPE} \\\n  -d ${quoted(jsonOf(example))}`,
  ]);
}

/** The report of the last one has no id and no times, so each run submits a new report. */
const STEPS = [
  ['webhook', '/v1/webhooks', { name: 'CRM', url: 'https://receiver.example.com/reports' }],
  ['test', '/v1/webhooks/{id}/test', { sample: 'OBD' }],
  ['report', '/v1/reports', {
    webhook_id: '$WEBHOOK_ID', source: 'OBD', bridge: 918068280000, from: 918919520000, to: 918867130000, status: 'ANSWER', duration: '23',
  }],
];

/** The calls that lead to a first delivery: `{ name, curl }`. */
export const firstSteps = (base) => STEPS.map(([name, path, body]) => {
  // A shell does not expand variables within single quotes.
  const data = quoted(jsonOf(body)).replace(/\$(\w+)/g, `'"$&"'`);
  return { name, curl: joined([`curl -sS -X POST ${word(`${base}${pathOf(path)}`)}`, KEY, `${TYPE} \\\n  -d ${data}`]) };
});
