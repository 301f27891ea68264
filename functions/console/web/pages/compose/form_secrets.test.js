import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bodyOf, emptyForm, row } from './form.js';
import { literalSecrets, namedSecret, usedSecrets, withoutSecrets } from './form_secrets.js';

const form = (changes) => ({ ...emptyForm(), ...changes });

test('used secrets are listed once, where they are used first', () => {
  const used = usedSecrets(form({ url: 'https://a.example/%slack%?b=%C3%A9', headers: [row('A', 'Bearer %token% %slack%')], body: bodyOf({ format: 'json', json: '{"a": "%key%", "%no%": 1}' }) }));
  assert.deepEqual(used, [{ name: 'slack', group: 'url' }, { name: 'token', group: 'headers' }, { name: 'key', group: 'body' }]);
  assert.deepEqual(usedSecrets(form({ method: 'GET', body: bodyOf({ format: 'json', json: '{"a": "%key%"}' }) })), []);
});

test('a literal secret becomes a named one in every place', () => {
  const header = row('Authorization', 'Bearer abc%%1');
  const field = row('api_token', 'xyz');
  for (const [given, name, value, shown] of [
    [form({ headers: [header] }), 'token', 'abc%1', ({ headers }) => headers[0].value === 'Bearer %token%'],
    [form({ url: 'https://a.example/?api_key=a%2Fb&x={{to}}' }), 'api_key', 'a/b', ({ url }) => url === 'https://a.example/?api_key=%api_key%&x={{to}}'],
    [form({ body: bodyOf({ format: 'json', json: '{"a": {"password": "p\\"q"}, "key": "v"}' }) }), 'password', 'p"q', ({ body }) => body.json === '{"a": {"password": "%password%"}, "key": "v"}'],
    [form({ body: bodyOf({ format: 'form', rows: [field] }) }), 'api_token', 'xyz', ({ body }) => body.rows[0].value === '%api_token%'],
  ]) {
    const [literal, ...others] = literalSecrets(given);
    assert.deepEqual(others, []);
    const named = namedSecret(given, literal, []);
    assert.deepEqual([named.name, named.value], [name, value]);
    assert.ok(shown(named.form), JSON.stringify(named.form));
    assert.deepEqual(literalSecrets(named.form), []);
  }
});

test('a name that exists already gets a number', () => {
  const given = form({ headers: [row('Authorization', 'Bearer abc')] });
  assert.equal(namedSecret(given, literalSecrets(given)[0], ['token']).name, 'token_2');
});

test('a stored form has no secret', () => {
  const { form: kept, lost } = withoutSecrets(form({
    url: 'https://user:hush1@a.example/?token=hush2&api_key=hush3&a=b',
    headers: [row('Authorization', 'Bearer hush4'), row('X-A', 'open')],
    body: bodyOf({ format: 'form', rows: [row('password', 'hush5')], json: '{"secret": "hush6", "a": "open", "jwt": "hush7', raw: '{"token": "hush8"}' }),
  }));
  const text = JSON.stringify(kept);
  assert.doesNotMatch(text, /hush/);
  assert.match(text, /open.*open/);
  assert.deepEqual(lost, ['url', 'token', 'api_key', 'Authorization', 'password']);
});

test('a form without secrets is kept as it is', () => {
  const given = form({ url: 'https://a.example/?id={{id}}', headers: [row('Authorization', 'Bearer %token%')] });
  assert.deepEqual(withoutSecrets(given).form, given);
});
