// Makes screenshots of every page for the documentation: light and dark at 1440 × 900, light on a phone.
//
//     python -m local exec -- node tests/console/screenshots.mjs [--out docs/console]
//
// The names stay the same from run to run. Pictures have a palette of 256 colours, which keeps text sharp and files small.
import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { launch } from './harness/browser.mjs';
import { Person, button, field } from './harness/person.mjs';
import { withPalette } from './harness/png.mjs';
import { Account, closeReceiver, consoleUrl, docsUrl, platformKey, sharedReceiver } from './harness/world.mjs';
import { writeHistory } from './history.mjs';
import { placesOf, platformPlaces } from './places.mjs';
import { seed } from './seed.mjs';

const at = process.argv.indexOf('--out');
const out = at < 0 ? fileURLToPath(new URL('../../docs/console/', import.meta.url)) : path.resolve(process.argv[at + 1]);
const only = process.argv.includes('--only') ? new RegExp(process.argv[process.argv.indexOf('--only') + 1]) : /./;
const MOST_BYTES = 4_000_000;
const windows = [
  { suffix: 'light', width: 1440, height: 900, theme: 'light' },
  { suffix: 'dark', width: 1440, height: 900, theme: 'dark' },
  { suffix: 'phone', width: 390, height: 844, theme: 'light' },
];

async function keep(person, name) {
  const picture = await person.page.screenshot({ type: 'png' });
  await writeFile(path.join(out, `${name}.png`), withPalette(Buffer.from(picture)));
}

/** Takes screenshots of places and of their tabs. */
async function show(browser, key, places, window) {
  const person = await Person.arrive(browser, consoleUrl(), window);
  await person.signsIn(key);
  for (const { name, place, isWhole } of places.filter(({ name }) => only.test(name))) {
    await person.opens(place);
    await person.settles();
    await keep(person, `${name}-${window.suffix}`);
    for (const tab of isWhole ? (await person.tabs()).filter((tab) => tab.includes('tab=')) : []) {
      await person.opens(tab);
      await person.settles();
      await keep(person, `${name}-${/tab=(\w+)/.exec(tab)[1]}-${window.suffix}`);
    }
  }
  const faults = await person.watch.faults();
  if (faults.length) console.log(`${window.suffix}:\n  ${faults.join('\n  ')}`);
  await person.close();
}

async function showGuest(browser, window) {
  const person = await Person.arrive(browser, consoleUrl(), window);
  await person.opens('/');
  await person.finds(button('Sign in'));
  await person.finds(field('API key'));
  await keep(person, `sign-in-${window.suffix}`);
  await person.close();
}

/** Takes a screenshot of the API reference, once its document has loaded. */
async function showDocs(browser, window) {
  const person = await Person.arrive(browser, consoleUrl(), window);
  await person.page.goto(docsUrl(), { waitUntil: 'networkidle0' });
  await keep(person, `docs-${window.suffix}`);
  await person.close();
}

const browser = await launch();
try {
  await mkdir(out, { recursive: true });
  if (only.source === '.') for (const name of await readdir(out)) if (name.endsWith('.png')) await rm(path.join(out, name));
  const account = await Account.make({ name: 'Acme Telephony' });
  await seed(account.api, { receiver: (await sharedReceiver()).url, reports: 300, zone: 'Asia/Kolkata' });
  await writeHistory(account.api, account.id);
  await account.makeKey({ name: 'CRM export, nightly', scopes: ['webhooks:read', 'deliveries:read'], expires_in_days: 90 });
  await account.makeLink({ name: 'panel, user 17' });
  const places = await placesOf(account.api);
  for (const window of windows) {
    await showGuest(browser, window);
    await show(browser, account.key, places, window);
    await show(browser, platformKey(), platformPlaces(account.id), window);
    await showDocs(browser, window);
  }
  const names = (await readdir(out)).filter((name) => name.endsWith('.png'));
  const sizes = await Promise.all(names.map(async (name) => (await stat(path.join(out, name))).size));
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  console.log(`${names.length} pictures, ${(bytes / 1e6).toFixed(2)} MB`);
  if (bytes > MOST_BYTES) throw new Error(`more than ${MOST_BYTES / 1e6} MB: take fewer pictures`);
} finally {
  await browser.close();
  await closeReceiver();
}
