// The variables of templates with their values for a report, and the filters with their arguments.
import { partOf, scanJson } from './json_text.js';
import { partsOf as clockOf } from '../../lib/times.js';

/** The API's built-in sample reports, unchanged. */
export const SAMPLES = {
  OBD: '{"bridge":918068280000,"from":918919520000,"to":918867130000,"source":"OBD","mid":"1234-1333-00001","flow_id":123,"start_at":"2021-04-09 16:27:39","end_at":"2021-04-09 16:27:55","duration":"23","status":"ANSWER","recording_url":"https://recordings.example.com/a.mp3"}',
  C2C: '{"bridge":918068280000,"from":918919520000,"to":918867130000,"source":"C2C","start_at":"2021-04-09 16:27:39","end_at":"2021-04-09 16:27:55","duration":"23","billing":"23","status":"COMPLETED","status1":"RECEIVED","status2":"ANSWER","recording_url":"https://recordings.example.com/b.mp3","hangup_by":"caller"}',
};

/** The documented names of members of reports, in the order of the list; each has a sentence in `texts`. */
export const KNOWN = [
  'id', 'from', 'to', 'bridge', 'status', 'status1', 'status2', 'start_at', 'end_at', 'duration', 'billing', 'source', 'flow_id', 'mid', 'recording_url', 'hangup_by', 'dtmf',
  'start_at_iso8601', 'end_at_iso8601', 'start_at_unix', 'end_at_unix', 'date', 'date_iso8601', 'date_unix', 'unixtime', 'event', 'webhook_id', 'variables', 'charges', 'pulsing',
  'location', 'region', 'provider', 'foreign_id', 'cid',
];

const RESERVED = /^(?:true|false|nil|null|empty|blank)/;

/** Whether a template can use this name for a field. */
const isVariable = (name) => /^[A-Za-z_][\w-]*$/.test(name) && !RESERVED.test(name);

/** A time of a report in milliseconds; `null` if it is not a time. Plain times are in `zone`. */
export function instantOf(text, zone) {
  const found = /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}:\d{2})(?:\.\d+)?(Z|[+-]\d{2}:?\d{2})?$/.exec(text);
  if (!found || found[1].startsWith('0000')) return null;
  const [, day, time, offset] = found;
  if (offset) return Date.parse(`${day}T${time}${offset}`) || null;
  const asUtc = Date.parse(`${day}T${time}Z`);
  if (Number.isNaN(asUtc)) return null;
  const before = offsetAt(asUtc - 86_400_000, zone);
  // If the clock shows a time twice, the first instant has the offset from before the change.
  const first = asUtc - before;
  return offsetAt(first, zone) === before ? first : asUtc - offsetAt(asUtc - offsetAt(first, zone), zone);
}

/** How far a zone's clock is ahead of UTC at an instant, in milliseconds. */
function offsetAt(instant, zone) {
  const { year, month, day, hour, minute, second } = clockOf(instant, zone);
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(instant / 1000) * 1000;
}

/** "2021-04-09T16:27:39+05:30". */
export function iso8601(instant, zone) {
  const { year, month, day, hour, minute, second } = clockOf(instant, zone);
  const minutes = Math.round(offsetAt(instant, zone) / 60_000);
  const two = (number) => String(number).padStart(2, '0');
  const sign = minutes < 0 ? '-' : '+';
  return `${year}-${month}-${day}T${hour}:${minute}:${second}${sign}${two(Math.floor(Math.abs(minutes) / 60))}:${two(Math.abs(minutes) % 60)}`;
}

/**
 * The variables for a report: `{ name, example, isHere }`. `context` has the account's `zone`, `now`, and the `reportId` and
 * `webhookId` that templates would show.
 */
export function variablesOf(report, { zone, now, reportId, webhookId }) {
  const fields = fieldsOf(report);
  const clock = iso8601(now, zone);
  const added = {
    id: reportId, date: clock.slice(0, 19).replace('T', ' '), unixtime: String(Math.floor(now / 1000)), event: 'voice:message:out', webhook_id: webhookId,
    date_iso8601: clock, date_unix: String(Math.floor(now / 1000)),
  };
  // The webhook's id and the event are those of the delivery, not of the report.
  const values = { ...added, ...fields, event: fields.event ?? added.event, webhook_id: webhookId };
  const times = Object.keys(fields).filter((name) => !name.includes('.') && instantOf(fields[name], zone) !== null);
  for (const name of times) {
    const instant = instantOf(fields[name], zone);
    values[`${name}_iso8601`] ??= iso8601(instant, zone);
    values[`${name}_unix`] ??= String(Math.floor(instant / 1000));
  }
  const own = Object.keys(values).filter((name) => !KNOWN.includes(name));
  const listed = (name) => ({ name, example: values[name], isHere: values[name] !== undefined });
  const known = KNOWN.map(listed);
  return [...known.filter(({ isHere }) => isHere), ...own.map(listed), ...known.filter(({ isHere }) => !isHere)];
}

/** The fields of a report as text; those of nested objects have names with a dot. */
function fieldsOf(report) {
  const { root } = scanJson(report);
  const fields = {};
  const add = (node, prefix) => {
    for (const { name, node: value } of node.members) {
      const path = prefix + name;
      if (!(prefix ? /^[A-Za-z_][\w-]*$/.test(name) : isVariable(name))) continue;
      if (value.kind === 'object' && value.members.length) {
        fields[path] = report.slice(value.start, value.end);
        add(value, `${path}.`);
      } else fields[path] = value.kind === 'string' ? value.value : report.slice(value.start, value.end);
    }
  };
  if (root?.kind === 'object') add(root, '');
  // Templates do not need the list of destinations (`webhook_ids`), and `null` is not a value.
  for (const name of Object.keys(fields)) if (name === 'webhook_ids' || fields[name] === 'null') delete fields[name];
  return fields;
}

/** The report in the text of the API's answer about it. */
export const reportIn = (text) => partOf(text, ['report']);

/** Filters: name, the text inserted behind `| name`, and an example of input and output. */
export const FILTERS = [
  ['text', [
    ['default', ": 'none'", '', 'none'], ['upcase', '', 'answer', 'ANSWER'], ['downcase', '', 'ANSWER', 'answer'], ['capitalize', '', 'ANSWER', 'Answer'],
    ['slice', ': -10', '918867130000', '8867130000'], ['append', ": '.mp3'", 'a', 'a.mp3'], ['prepend', ": '+'", '9188', '+9188'],
    ['replace', ": 'a', 'b'", 'abba', 'bbbb'], ['replace_first', ": 'a', 'b'", 'abba', 'bbba'], ['remove', ": ' '", '91 88', '9188'], ['remove_first', ": '91'", '9191', '91'],
    ['strip', '', ' a ', 'a'], ['lstrip', '', ' a', 'a'], ['rstrip', '', 'a ', 'a'], ['truncate', ': 8', 'a long text', 'a lon...'], ['truncatewords', ': 2', 'one two three', 'one two...'],
    ['size', '', 'ANSWER', '6'], ['escape', '', '<b>', '&lt;b&gt;'], ['escape_once', '', '&lt;<', '&lt;&lt;'], ['url_encode', '', 'a b', 'a+b'], ['url_decode', '', 'a+b', 'a b'],
    ['strip_html', '', '<b>a</b>', 'a'], ['strip_newlines', '', 'a↵b', 'ab'], ['newline_to_br', '', 'a↵b', 'a<br />↵b'],
  ]],
  ['numbers', [
    ['plus', ': 1', '23', '24'], ['minus', ': 1', '23', '22'], ['times', ': 1000', '23', '23000'], ['divided_by', ': 60.0', '90', '1.5'], ['modulo', ': 60', '83', '23'],
    ['round', ': 2', '1.383', '1.38'], ['ceil', '', '1.2', '2'], ['floor', '', '1.8', '1'], ['abs', '', '-3', '3'], ['at_least', ': 1', '0', '1'], ['at_most', ': 60', '83', '60'],
  ]],
  ['times', [
    ['date_format', ": 'd/m/Y'", '2021-04-09 16:27:39', '09/04/2021'], ['date', ": '%d/%m/%Y'", '2021-04-09 16:27:39', '09/04/2021'],
  ]],
  ['json', [
    ['json', '', '918867130000', '918867130000'], ['number', '', '"23"', '23'],
  ]],
  ['lists', [
    ['split', ": ','", 'a,b', 'a, b'], ['join', ": ', '", 'a, b', 'a, b'], ['first', '', 'a, b', 'a'], ['last', '', 'a, b', 'b'], ['reverse', '', 'a, b', 'b, a'], ['sort', '', 'b, a', 'a, b'],
    ['uniq', '', 'a, a', 'a'], ['compact', '', 'a, nil', 'a'], ['concat', ': other', 'a', 'a, b'],
  ]],
].flatMap(([group, filters]) => filters.map(([name, hint, input, output]) => ({ group, name, hint, input, output })));
