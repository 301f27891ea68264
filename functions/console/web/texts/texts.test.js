import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sources, templateAt } from '../testing/sources.js';
import { en } from './en.js';
import { hi } from './hi.js';

const isPlural = (text) => typeof text === 'object' && typeof text.other === 'string' && Object.keys(text).every((key) => ['zero', 'one', 'two', 'few', 'many', 'other'].includes(key));

/** The dotted names of all texts, each with its text or its plural categories. */
function flat(texts, before = '') {
  return new Map(Object.entries(texts).flatMap(([key, text]) => {
    const name = before ? `${before}.${key}` : key;
    return typeof text === 'string' || isPlural(text) ? [[name, text]] : [...flat(text, name)];
  }));
}

const english = flat(en);
const sections = Object.keys(en).filter((name) => typeof en[name] === 'object');
const code = sources();

/** Names that stand in the code as texts in single quotes, and where. A file's name is not one. */
const literals = code.flatMap(({ file, text }) => [...text.matchAll(/'([a-zA-Z]+(?:\.[\w:-]+)*)'/g)].map(([, name]) => ({ file, name })));

/** Names that are put together: `status.${value}`, as patterns. */
const patterns = code.flatMap(({ file, text }) => [...text.matchAll(/`([a-zA-Z]+)\./g)]
  .filter(([, section]) => sections.includes(section))
  .map((found) => templateAt(text, found.index))
  .filter((template) => template.includes('${}') && /^[\w.:${}-]+$/.test(template))
  .map((template) => ({ file, template, pattern: new RegExp(`^${template.replaceAll('.', '\\.').replaceAll('${}', '[\\w:-]+')}$`) })));

test('every text that the code names is there', () => {
  const named = code.flatMap(({ file, text }) => [...text.matchAll(/\bt\('([^']+)'/g)].map(([, name]) => ({ file, name })));
  assert.ok(named.length > 100, 'the names are found');
  for (const { file, name } of named) assert.ok(english.has(name), `${file} names ${name}`);
});

test('every name that is put together has a text', () => {
  assert.ok(patterns.length > 20, 'the names are found');
  for (const { file, template, pattern } of patterns) assert.ok([...english.keys()].some((name) => pattern.test(name)), `${file} names ${template}`);
});

test('every text is used', () => {
  const used = new Set(literals.map(({ name }) => name));
  const unused = [...english.keys()].filter((name) => !used.has(name) && !patterns.some(({ pattern }) => pattern.test(name)));
  assert.deepEqual(unused, []);
});

const placeholders = (text) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();

/** The placeholders of a text; those of all its plural categories together. */
const placeholdersOf = (text) => (typeof text === 'string' ? placeholders(text) : [...new Set(Object.values(text).flatMap(placeholders))]);

for (const [language, texts] of Object.entries({ hi: flat(hi) })) {
  test(`the texts in ${language} have the names and placeholders of those in English`, () => {
    for (const [name, text] of texts) {
      assert.ok(english.has(name), `${name} is no text`);
      assert.equal(typeof text, typeof english.get(name), `${name} has plural categories in one language only`);
      assert.deepEqual(placeholdersOf(text), placeholdersOf(english.get(name)), name);
    }
  });

  test(`no text is missing in ${language}`, () => {
    assert.deepEqual([...english.keys()].filter((name) => !texts.has(name)), []);
  });
}
