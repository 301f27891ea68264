import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { FILTERS, KNOWN, SAMPLES, instantOf, iso8601, reportIn, variablesOf } from './variables.js';
import { en } from '../../texts/en.js';

const context = { zone: 'Asia/Kolkata', now: Date.UTC(2026, 10, 29, 12), reportId: 'r1', webhookId: 'w1' };
const of = (report, name) => variablesOf(report, context).find((variable) => variable.name === name)?.example;
const source = (path) => readFile(new URL(`../../../../../${path}`, import.meta.url), 'utf8');

test('variables are what templates show for the report', () => {
  assert.equal(of(SAMPLES.OBD, 'to'), '918867130000');
  assert.equal(of(SAMPLES.OBD, 'start_at_iso8601'), '2021-04-09T16:27:39+05:30');
  assert.equal(of(SAMPLES.OBD, 'end_at_unix'), '1617965875');
  assert.equal(of(SAMPLES.OBD, 'id'), 'r1');
  assert.equal(of('{"id": "call", "webhook_id": "x", "start_at": "2021-04-09 16:27:39", "start_at_unix": 1}', 'id'), 'call');
  assert.equal(of('{"webhook_id": "x"}', 'webhook_id'), 'w1');
  assert.equal(of('{"start_at": "2021-04-09 16:27:39", "start_at_unix": 1}', 'start_at_unix'), '1');
  assert.equal(of('{"n": 12345678901234567890, "variables": {"otp": "1", "9": 2}}', 'n'), '12345678901234567890');
  assert.equal(of('{"variables": {"otp": "1"}}', 'variables.otp'), '1');
  assert.equal(of('{"end_at": "0000-00-00 00:00:00"}', 'end_at_unix'), undefined);
  assert.equal(of('{"a b": 1, "null": 2, "x": null}', 'x'), undefined);
});

test('what the report has comes first', () => {
  const listed = variablesOf('{"dtmf": "1", "agent": "Asha"}', context);
  const names = listed.map(({ name }) => name);
  assert.ok(names.indexOf('dtmf') < names.indexOf('agent') && names.indexOf('agent') < names.indexOf('to'));
  assert.ok(!listed.find(({ name }) => name === 'to').isHere);
});

test('clocks that change are read as the api reads them', () => {
  assert.equal(iso8601(instantOf('2026-10-25 02:30:00', 'Europe/Berlin'), 'Europe/Berlin'), '2026-10-25T02:30:00+02:00');
  assert.equal(iso8601(instantOf('2026-07-01 02:30:00', 'Europe/Berlin'), 'Europe/Berlin'), '2026-07-01T02:30:00+02:00');
  assert.equal(iso8601(instantOf('2026-12-01 02:30:00', 'America/New_York'), 'America/New_York'), '2026-12-01T02:30:00-05:00');
  assert.equal(instantOf('2021-04-09T16:27:39Z', 'Asia/Kolkata'), Date.UTC(2021, 3, 9, 16, 27, 39));
  assert.equal(instantOf('yesterday', 'UTC'), null);
});

test('every name and filter of the api is listed, and has its sentence', async () => {
  const rust = await source('shared/src/domain/compose/variables.rs');
  const known = [.../const KNOWN[^[]*\[[^\]]*\] = \[([^\]]*)\]/.exec(rust)[1].matchAll(/"(\w+)"/g)].map(([, name]) => name);
  assert.deepEqual([...KNOWN].sort(), known.filter((name) => name !== 'webhook_ids').sort());
  for (const name of KNOWN) assert.ok(en.compose.variables.about[name], name);
  const files = ['text', 'text_size', 'list', 'number', 'time', 'json'];
  const filters = (await Promise.all(files.map((name) => source(`shared/src/domain/compose/filters/${name}.rs`)))).flatMap((text) => [...text.matchAll(/^\s+&?\[?filter\("(\w+)"/gm), ...text.matchAll(/, filter\("(\w+)"/g)].map(([, name]) => name));
  // `upper` and `lower` are other names of `upcase` and `downcase`.
  assert.deepEqual(FILTERS.map(({ name }) => name).sort(), [...new Set(filters)].filter((name) => name !== 'upper' && name !== 'lower').sort());
  for (const { name, group } of FILTERS) assert.ok(en.compose.filters.about[name] && en.compose.filters.groups[group], name);
});

test('the samples are those of the api', async () => {
  const rust = await source('functions/webhooks/src/sample.rs');
  for (const sample of Object.values(SAMPLES)) assert.ok(rust.includes(sample));
});

test('the report of an answer is as it is written', () => {
  assert.equal(reportIn('{"id": "1", "report": {"to": 12345678901234567890}}'), '{"to": 12345678901234567890}');
});
