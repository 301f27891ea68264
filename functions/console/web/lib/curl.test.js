import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readCurl } from '../pages/compose/curl.js';
import { curlOfRequest } from './curl.js';

test('a request is a command that a shell reads as it is', () => {
  const line = curlOfRequest({ method: 'POST', url: "https://h/?a='$x'", headers: { 'content-type': 'text/plain', 'x-empty': '' }, body: "@it's" });
  assert.deepEqual(line.split(' \\\n  '), [
    "curl -sS -X POST 'https://h/?a='\\''$x'\\'''", "-H 'content-type: text/plain'", "-H 'x-empty;'", "--data-raw '@it'\\''s'",
  ]);
});

test('a request without a body has none', () => {
  for (const body of ['', null]) assert.equal(curlOfRequest({ method: 'GET', url: 'https://h/', body }), "curl -sS -X GET 'https://h/'");
});

test('the composer reads the command back', () => {
  const headers = { 'content-type': 'application/json', 'x-a': '•••', 'x-b': '' };
  const request = { method: 'POST', url: "https://a.example/?x=it's", headers, body: '{"a":"it\'s"}' };
  const back = readCurl(curlOfRequest(request));
  assert.equal(back.url, request.url);
  assert.deepEqual(back.headers, [['x-a', '•••'], ['x-b', '']]);
  assert.deepEqual(JSON.parse(back.body.json), { a: "it's" });
});
