import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { curlOf, firstSteps, pathOf } from './curl.js';
import { operationsOf } from './document.js';

const openapi = JSON.parse(readFileSync(new URL('../../../../docs/openapi.json', import.meta.url), 'utf8'));
const operation = (id) => operationsOf(openapi).find((operation) => operation.id === id);

/** What a shell gives curl for a command. */
const wordsOf = (command) => execFileSync('sh', ['-c', `curl() { printf '%s\\0' "$@"; }; ${command}`], { env: { WEBHOOK_ID: 'w-1', KEY: 'k' }, encoding: 'utf8' }).split('\0').slice(0, -1);

test('a curl call has the method, the key and the example', () => {
  const text = curlOf(operation('createAccount'), 'https://api.example.com');
  assert.match(text, /^curl -sS -X POST 'https:\/\/api\.example\.com\/v1\/accounts' \\\n {2}-H "Authorization: Bearer \$KEY"/);
  assert.match(text, / -d '\{/);
});

test('parameters are variables of the shell', () => {
  assert.equal(pathOf('/v1/webhooks/{id}/replays/{replay_id}'), '/v1/webhooks/$WEBHOOK_ID/replays/$REPLAY_ID');
  assert.equal(pathOf('/v1/deliveries/{id}/resend'), '/v1/deliveries/$DELIVERY_ID/resend');
  assert.equal(pathOf('/v1/accounts/{id}/keys/{key_id}'), '/v1/accounts/$ACCOUNT_ID/keys/$KEY_ID');
  assert.match(curlOf(operation('eraseAccount'), ''), /"\/v1\/accounts\/\$ACCOUNT_ID\?confirm=\$CONFIRM"/);
  for (const operation of operationsOf(openapi)) assert.doesNotMatch(curlOf(operation, 'https://a.example').split(' -d ')[0], /[{}]/, operation.id);
});

test('a long body stands over several lines', () => {
  const lines = curlOf(operation('createWebhook'), '').split(' -d ')[1].split('\n');
  assert.ok(lines.length > 2);
});

test('a shell reads the first steps as they are meant', () => {
  const [webhook, trial, report] = firstSteps('https://api.example.com/b').map(({ curl }) => wordsOf(curl));
  assert.equal(JSON.parse(webhook.at(-1)).name, 'CRM');
  assert.equal(trial[3], 'https://api.example.com/b/v1/webhooks/w-1/test');
  assert.equal(JSON.parse(report.at(-1)).webhook_id, 'w-1');
  assert.ok(report.includes('Authorization: Bearer k'));
});
