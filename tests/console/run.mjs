// Runs the browser tests with one browser for all.
//
//     node tests/console/run.mjs [file …]     (CALLHOOK_URL and CALLHOOK_PLATFORM_KEY name the cloud; `make test-console` sets them)
import { spawn } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { launch } from './harness/browser.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const named = process.argv.slice(2).map((name) => path.join(here, path.basename(name)));
const files = named.length ? named : (await readdir(here)).filter((name) => name.endsWith('.test.mjs')).sort().map((name) => path.join(here, name));

const began = Date.now();
const browser = await launch();
// Pages and functions wait for each other, so running more files at a time than there are cores is faster.
const tests = spawn(process.execPath, ['--test', '--test-concurrency=3', '--test-reporter=spec', ...files], {
  stdio: 'inherit',
  env: { ...process.env, CONSOLE_BROWSER: browser.wsEndpoint() },
});
const code = await new Promise((resolve) => tests.on('exit', (code) => resolve(code ?? 1)));
await browser.close();
console.log(`• The browser tests took ${Math.round((Date.now() - began) / 1000)} s.`);
process.exitCode = code;
