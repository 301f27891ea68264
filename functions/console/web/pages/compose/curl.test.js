import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isCurl, readCurl } from './curl.js';
import { wordsOf } from './shell_words.js';

const notes = (command) => readCurl(command).notes.map(([name]) => name);

test('words are quoted as in a shell', () => {
  const { words } = wordsOf(`curl 'a b' "c \\"d\\" \\$e" f\\ g $'h\\n\\'i' '' j'k'"l" 'it'\\''s'`);
  assert.deepEqual(words, ['curl', 'a b', 'c "d" $e', 'f g', "h\n'i", '', 'jkl', "it's"]);
});

test('lines go on with a backslash, a caret or a backtick', () => {
  for (const sign of ['\\', '^', '`']) assert.deepEqual(wordsOf(`curl ${sign}\n  -s ${sign}\r\n a`).words, ['curl', '-s', 'a'], sign);
});

test('a command ends at a pipe, a redirect and a second command', () => {
  for (const rest of ['| jq .', '> out', '; rm -rf x', '&& echo', '& echo', '\nls']) assert.deepEqual(wordsOf(`curl a ${rest}`).words, ['curl', 'a'], rest);
  assert.deepEqual(wordsOf('curl https://a.example/?x=1&y=2').words[1], 'https://a.example/?x=1&y=2');
});

test('the documented request is read', () => {
  const command = `curl -X POST 'https://www.domain.com/ack/receive?id={{id}}' \\
    -H 'content-type: application/json' -H 'Authorization: Bearer %token%' \\
    -d '{"id": "{{id}}", "to": "{{to}}"}'`;
  const { method, url, headers, body, notes } = readCurl(command);
  assert.equal(method, 'POST');
  assert.equal(url, 'https://www.domain.com/ack/receive?id={{id}}');
  assert.deepEqual(headers, [['Authorization', 'Bearer %token%']]);
  assert.deepEqual(body, { format: 'json', json: '{\n  "id": "{{id}}",\n  "to": "{{to}}"\n}' });
  assert.deepEqual(notes, []);
});

test('short options may stand together', () => {
  const { method, headers } = readCurl('curl -sSXPUT -Hx-a:b https://a.example/ -k');
  assert.equal(method, 'PUT');
  assert.deepEqual(headers, [['x-a', 'b']]);
  assert.deepEqual(notes('curl -k https://a.example/'), ['insecure']);
});

test('data is a form unless it says or looks otherwise', () => {
  assert.deepEqual(readCurl('curl https://a.example -d a=1+2 -d b=%C3%A9%20x -d to={{to}} -d k=%token%').body.rows, [['a', '1 2'], ['b', 'é x'], ['to', '{{to}}'], ['k', '%token%']]);
  assert.equal(readCurl(`curl https://a.example --json '{"a":1}'`).body.format, 'json');
  assert.equal(readCurl(`curl https://a.example -d '{"a":1}'`).body.format, 'json');
  assert.deepEqual(readCurl(`curl https://a.example -d 'q={"a":1}'`).body.rows, [['q', '{"a":1}']]);
  assert.deepEqual(notes(`curl https://a.example -H 'content-type: text/xml' -d '<a/>'`), ['contentType']);
  assert.deepEqual(notes(`curl https://a.example -H 'content-type: application/json' -d '{"a":'`), ['json']);
});

test('get moves data into the url', () => {
  const { method, url, body } = readCurl(`curl -G https://a.example/x?y=1 --data-urlencode 'q=a b' -d z=2`);
  assert.deepEqual([method, url, body], ['GET', 'https://a.example/x?y=1&q=a%20b&z=2', null]);
});

test('parts are multipart, and files are left out', () => {
  const { method, body } = readCurl(`curl https://a.example -F call={{id}} -F 'note=a;type=text/plain' -F file=@/etc/passwd`);
  assert.equal(method, 'POST');
  assert.deepEqual(body, { format: 'multipart', rows: [['call', '{{id}}'], ['note', 'a']] });
  assert.deepEqual(notes('curl https://a.example -F file=@/etc/passwd -F a=b'), ['file']);
  assert.deepEqual(notes('curl https://a.example -d @body.json'), ['file']);
});

test('variables of the shell become secrets', () => {
  const { headers, url, secrets } = readCurl('curl "https://a.example/$PATH_KEY" -H "Authorization: Bearer ${TOKEN}" -H \'x: $LITERAL\'');
  assert.equal(url, 'https://a.example/%PATH_KEY%');
  assert.deepEqual(headers, [['Authorization', 'Bearer %TOKEN%'], ['x', '$LITERAL']]);
  assert.deepEqual(secrets, ['PATH_KEY', 'TOKEN']);
});

test('credentials are a header', () => {
  assert.deepEqual(readCurl('curl -u user:päss https://a.example').headers, [['Authorization', `Basic ${Buffer.from('user:päss').toString('base64')}`]]);
  assert.deepEqual(readCurl('curl -u "user:$PASS" https://a.example').headers, [['Authorization', 'Basic %credentials%']]);
});

test('what a webhook cannot do is noted', () => {
  assert.deepEqual(notes('curl -X DELETE https://a.example -H "Host: b"'), ['header', 'method']);
  assert.deepEqual(notes('curl -X GET https://a.example -d a=b'), ['getBody']);
  assert.equal(readCurl('curl -X PATCH https://a.example').method, 'POST');
});

test('only curl commands with a url are read', () => {
  assert.ok(isCurl('$ curl https://a.example') && isCurl('  curl -s x'));
  assert.ok(!isCurl('https://a.example/curl ') && !isCurl('curly'));
  assert.equal(readCurl('curl --version'), null);
  assert.equal(readCurl('curl a.example/x').url, 'http://a.example/x');
  assert.equal(readCurl('curl --url https://a.example').url, 'https://a.example');
});

test('broken commands do no harm', () => {
  for (const text of ["curl '", 'curl "', "curl $'", 'curl \\', 'curl -H', 'curl -X', 'curl https://a.example -d', 'curl -H : https://a.example']) assert.doesNotThrow(() => readCurl(text), text);
});
