import assert from 'node:assert/strict';
import { test } from 'node:test';
import { originOf, webUrl } from './urls.js';

test('only URLs of the web become links', () => {
  for (const url of ['https://rec.example.com/1.mp3', 'https://api.example.com/console/#key=chk_1']) assert.equal(webUrl(url), url);
  for (const value of ['javascript:alert(1)', 'data:text/html,x', '//rec.example.com', 'x', 17, null, undefined]) assert.equal(webUrl(value), null);
});

test('the origin of a URL is known though its path has templates', () => {
  assert.equal(originOf('https://•••:•••@crm.example:8443/{{source}}?a=%token%'), 'https://crm.example:8443');
  assert.equal(originOf('https://a.example:8443/{{id}}?x={{a | b: "}"}}'), 'https://a.example:8443');
  for (const text of ['not a url', 'data:text/plain,x', '']) assert.equal(originOf(text), null);
});
