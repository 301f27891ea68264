// The `curl` calls of the API reference.
import { quoted } from '../api/client.js';
import { contentOf, exampleOf } from './document.js';

const KEY = '-H "Authorization: Bearer $KEY"';
const TYPE = "-H 'content-type: application/json'";

/** JSON that is longer stands over several lines. */
const ONE_LINE = 72;

/** The shell variable of a parameter: `$WEBHOOK_ID` for `{id}` behind `/webhooks/`. */
function variableOf(name, collection) {
  const singular = collection.replace(/ies$/, 'y').replace(/s$/, '').replaceAll('-', '_');
  return `$${(name === 'id' ? `${singular}_id` : name).toUpperCase()}`;
}

/** A path whose parameters are variables of the shell; curl itself would read braces as a list of URLs. */
export const pathOf = (path) => path.replace(/([\w-]+)\/\{(\w+)\}/g, (_, collection, name) => `${collection}/${variableOf(name, collection)}`);

/** A URL as one word of a shell, in which its variables stand for values. */
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

/** Without an id and times each run of the last one is a report of its own. */
const STEPS = [
  ['webhook', '/v1/webhooks', { name: 'CRM', url: 'https://receiver.example.com/reports' }],
  ['test', '/v1/webhooks/{id}/test', { sample: 'OBD' }],
  ['report', '/v1/reports', {
    webhook_id: '$WEBHOOK_ID', source: 'OBD', bridge: 918068280000, from: 918919520000, to: 918867130000, status: 'ANSWER', duration: '23',
  }],
];

/** The calls from nothing to a first delivery: `{ name, curl }`. */
export const firstSteps = (base) => STEPS.map(([name, path, body]) => {
  // Within single quotes a shell leaves variables as they are.
  const data = quoted(jsonOf(body)).replace(/\$(\w+)/g, `'"$&"'`);
  return { name, curl: joined([`curl -sS -X POST ${word(`${base}${pathOf(path)}`)}`, KEY, `${TYPE} \\\n  -d ${data}`]) };
});
