import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mapScalars, memberText, parseJson, plain, prettyJson, prettyText } from './json.js';

const report = '{ "to" : 91891952000112345678, "2":"b", "1":"a:{,}\\"", "legs":[{"to":"x"},[], {}], "ok":true }';
const answer = `{"id":"r","report":${report},"deliveries":[{"report":1}]}`;

test('pretty JSON keeps the order of members and every digit', () => {
  assert.equal(prettyText('{"2":91891952000112345678,"1":{"a":[1,{"b":1.0}],"c":{},"d":[]}}'), `{
  "2": 91891952000112345678,
  "1": {
    "a": [
      1,
      {
        "b": 1.0
      }
    ],
    "c": {},
    "d": []
  }
}`);
  assert.equal(prettyText('{"a":"\\u0939"}'), '{\n  "a": "ह"\n}');
  assert.equal(prettyText('{"a":'), '{"a":');
  assert.equal(prettyText('no JSON'), 'no JSON');
  for (const value of [[], {}, [[], { a: null }], 'x', { a: { b: [1, 2] } }]) assert.equal(prettyText(JSON.stringify(value)), JSON.stringify(value, null, 2));
});

test('a member of an answer is its text', () => {
  assert.equal(memberText(answer, 'report'), report);
  assert.equal(memberText(answer, 'id'), '"r"');
  assert.equal(memberText(answer, 'deliveries'), '[{"report":1}]');
  assert.equal(memberText(answer, 'to'), undefined);
  assert.equal(memberText('{"a":1,"a":2}', 'a'), '2');
  assert.equal(memberText('{}', 'a'), undefined);
});

test('strings and numbers are changed in their place, with the name of their member', () => {
  const seen = [];
  const text = mapScalars(report, (token, name) => {
    seen.push([name, token]);
    return name === 'to' ? '"•"' : token;
  });
  assert.equal(text, report.replace('91891952000112345678', '"•"').replace('"x"', '"•"'));
  assert.deepEqual(seen, [['to', '91891952000112345678'], ['2', '"b"'], ['1', '"a:{,}\\""'], ['to', '"x"']]);
  const items = [];
  mapScalars('{"to":[1,"2"],"a":3}', (token, name) => items.push([name, token]) && token);
  assert.deepEqual(items, [[undefined, '1'], [undefined, '"2"'], ['a', '3']]);
});

test('long numbers keep their digits, also in a browser without JSON.rawJSON', (context) => {
  const text = '{"to":91891952000112345678,"share":1.0,"from":918919520000,"note":"91891952000112345678"}';
  const seen = () => Object.values(parseJson(text)).map(plain);
  const kept = ['91891952000112345678', '1.0', 918919520000, '91891952000112345678'];
  const pretty = prettyText(text);
  assert.deepEqual([seen(), prettyJson(parseJson(text))], [kept, pretty]);
  const { rawJSON } = JSON;
  JSON.rawJSON = undefined;
  context.after(() => {
    JSON.rawJSON = rawJSON;
  });
  assert.deepEqual([seen(), prettyJson(parseJson(text))], [kept, pretty]);
});
