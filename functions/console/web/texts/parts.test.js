import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { administration } from './en/administration.js';
import { compose } from './en/compose.js';
import { lookup } from './en/lookup.js';
import { reference } from './en/reference.js';
import { shared } from './en/shared.js';
import { webhook } from './en/webhook.js';

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..');

/** The modules that come with an entry: what it imports, and what that imports; `import()` begins another chunk. */
function modulesOf(entry, found = new Set()) {
  if (found.has(entry)) return found;
  found.add(entry);
  const code = readFileSync(entry, 'utf8');
  for (const [, name] of code.matchAll(/^(?:import|export) [^;]*?from '(\.[^']+)';/gms)) {
    if (name.endsWith('.js')) modulesOf(path.join(path.dirname(entry), name), found);
  }
  return found;
}

const entries = [
  ['main.js', { ...shared }],
  ['docs.js', { ...shared, ...reference }],
  ['pages/groups/administration.js', { ...shared, ...administration }],
  ['pages/groups/guide.js', { ...shared }],
  ['pages/groups/webhooks.js', { ...shared }],
  ['pages/groups/compose.js', { ...shared, ...compose }],
  ['pages/groups/lookup.js', { ...shared, ...lookup }],
  ['pages/groups/webhook.js', { ...shared, ...webhook }],
];

for (const [entry, texts] of entries) {
  test(`${entry} has the sections of all texts that its code names`, () => {
    const missing = [];
    for (const file of modulesOf(path.join(root, entry))) {
      for (const [, section] of readFileSync(file, 'utf8').matchAll(/\bt\([`'](\w+)[.`'$]/g)) {
        if (!(section in texts)) missing.push(`${path.relative(root, file)}: ${section}`);
      }
    }
    assert.deepEqual([...new Set(missing)], []);
  });
}

/** Lists and objects that a module makes while it loads. */
const CONSTANTS = /^(?:export )?const \w+ = [[{][\s\S]*?^[\]}];/gm;

test('no module asks for a text while it loads: its texts come later, and the language changes', () => {
  const early = [];
  for (const [entry] of entries) {
    for (const file of modulesOf(path.join(root, entry))) {
      for (const [constant] of readFileSync(file, 'utf8').matchAll(CONSTANTS)) {
        const lines = constant.split('\n').filter((line) => /\bt\(/.test(line) && !line.slice(0, line.search(/\bt\(/)).includes('=>'));
        early.push(...lines.map((line) => `${path.relative(root, file)}: ${line.trim()}`));
      }
    }
  }
  assert.deepEqual(early, []);
});
