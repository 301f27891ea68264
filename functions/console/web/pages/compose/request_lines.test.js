import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readCurl } from './curl.js';
import { curlLine, headerLines } from './request_lines.js';

test('the curl line is the request', () => {
  const request = { method: 'POST', url: "https://a.example/?x=it's", headers: { 'content-type': 'application/json', 'x-a': '•••' }, body: '{"a":"it\'s"}' };
  assert.equal(headerLines(request.headers), 'content-type: application/json\nx-a: •••');
  const back = readCurl(curlLine(request));
  assert.equal(back.url, request.url);
  assert.deepEqual(back.headers, [['x-a', '•••']]);
  assert.deepEqual(JSON.parse(back.body.json), { a: "it's" });
});

test('a get has no data', () => {
  assert.doesNotMatch(curlLine({ method: 'GET', url: 'https://a.example/', headers: {}, body: null }), /--data/);
});
