import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { SNIPPETS } from './snippets.js';

test('the snippets are those of the docs', async () => {
  const docs = await readFile(new URL('../../../../../docs/verifying.md', import.meta.url), 'utf8');
  for (const [language, code] of Object.entries(SNIPPETS)) assert.ok(docs.includes(`### ${language}\n\n`) && docs.includes(`\n${code}\`\`\``), language);
});
