import assert from 'node:assert/strict';
import { test } from 'node:test';
import { curlOfRequest } from './curl.js';

test('a request is a line that a shell reads as it is', () => {
  const line = curlOfRequest({ method: 'POST', url: "https://h/?a='$x'", headers: { 'content-type': 'text/plain', 'x-empty': '' }, body: "@it's" });
  assert.equal(line, "curl -sS -X 'POST' 'https://h/?a='\\''$x'\\''' -H 'content-type: text/plain' -H 'x-empty;' --data-raw '@it'\\''s'");
});

test('a request without a body has none', () => {
  assert.equal(curlOfRequest({ method: 'GET', url: 'https://h/', body: '' }), "curl -sS -X 'GET' 'https://h/'");
});
