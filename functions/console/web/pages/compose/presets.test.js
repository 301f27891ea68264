import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PRESETS, settingsOfPreset } from './presets.js';
import { emptyForm, formOf, settingsOf } from './form.js';
import { ownProblems } from './problems.js';
import { isLiteral, literalInHeader, literalsInUrl, secretsIn } from './templates.js';
import { hasText } from '../../texts/index.js';

test('presets have the form of the api', () => {
  for (const preset of PRESETS) {
    const { method, url, headers, body, success_codes: codes } = settingsOfPreset(preset);
    assert.ok(['GET', 'POST', 'PUT'].includes(method), preset.id);
    assert.ok(new URL(url.replace(/\{\{.*?\}\}|%\w+%/g, 'x')).protocol === 'https:', preset.id);
    assert.ok(Object.values(headers).every((value) => typeof value === 'string'), preset.id);
    assert.ok(codes.every((code) => code >= 200 && code <= 399), preset.id);
    if (body) {
      assert.ok(['json', 'form', 'multipart'].includes(body.format) && method !== 'GET', preset.id);
      if (body.format !== 'json') assert.ok(Object.values(body.template).every((value) => typeof value === 'string'), preset.id);
    }
  }
});

test('presets have names and sentences of their own', () => {
  assert.equal(new Set(PRESETS.map(({ id }) => id)).size, PRESETS.length);
  for (const { id } of PRESETS) assert.ok(hasText(`compose.presets.${id}.name`) && hasText(`compose.presets.${id}.text`), id);
});

test('presets hold no secret as text', () => {
  for (const preset of PRESETS) {
    const { url, headers } = settingsOfPreset(preset);
    assert.deepEqual(literalsInUrl(url), [], preset.id);
    assert.ok(Object.entries(headers).every(([name, value]) => !literalInHeader(name, value)), preset.id);
  }
  assert.deepEqual(secretsIn(settingsOfPreset(PRESETS.find(({ id }) => id === 'teams')).url, { inUrl: true }), ['sig']);
  assert.ok(isLiteral('x'));
});

test('the url that was typed stays where the preset has none', () => {
  const [standard, query] = PRESETS;
  assert.equal(settingsOfPreset(standard, 'https://a.example/x?y=1').url, 'https://a.example/x?y=1');
  assert.equal(settingsOfPreset(query, 'https://a.example/x?y=1').url, 'https://a.example/x?call_id={{id}}&to={{to}}&message_status={{status}}');
});

test('presets become forms without problems, and the same settings again', () => {
  for (const preset of PRESETS) {
    const settings = settingsOfPreset(preset);
    const form = formOf(JSON.stringify({ name: 'x', ...settings }));
    assert.deepEqual(ownProblems(form, (name) => name), [], preset.id);
    const back = Object.fromEntries(settingsOf(form).map(([name, text]) => [name, JSON.parse(text)]));
    assert.deepEqual(back.body, settings.body, preset.id);
    assert.equal(back.url, settings.url);
  }
  assert.equal(emptyForm().method, 'POST');
});
