// Every page, in both themes and on a phone, has no serious or critical accessibility violation and is no wider than the window.
import assert from 'node:assert/strict';
import { before } from 'node:test';
import { barriersOf } from './harness/barriers.mjs';
import { journey } from './harness/journey.mjs';
import { Account, docsUrl, platformKey, sharedReceiver } from './harness/world.mjs';
import { placesOf, platformPlaces } from './places.mjs';
import { seed } from './seed.mjs';

let account;
let places;

before(async () => {
  account = await Account.make({ name: 'Acme Telephony Pvt Ltd' });
  await seed(account.api, { receiver: (await sharedReceiver()).url, reports: 60, isQuick: true });
  places = await placesOf(account.api);
});

const overflow = (person) => person.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

/** Runs `look` at a place and at each of its tabs. */
async function lookAt(person, place, look) {
  await person.opens(place);
  await person.settles();
  await look(place);
  for (const tab of (await person.tabs()).filter((tab) => tab !== place)) {
    await person.opens(tab);
    await person.settles();
    await look(tab);
  }
}

for (const { theme, language } of [{ theme: 'light', language: 'en' }, { theme: 'dark', language: 'hi' }]) {
  journey(`no page has serious barriers (${theme}, ${language})`, async ({ arrive }) => {
    const found = [];
    const visit = async (key, list) => {
      const person = await arrive({ theme, language });
      await person.comesIn(key);
      assert.equal(await person.page.evaluate(() => document.documentElement.lang), language);
      for (const { place } of list) {
        await lookAt(person, place, async (at) => found.push(...(await barriersOf(person.page)).map((barrier) => `${at}: ${barrier}`)));
      }
    };
    await visit(account.key, places);
    await visit(platformKey(), platformPlaces(account.id));
    const guest = await arrive({ theme, language });
    await guest.opens('/');
    await guest.settles();
    found.push(...(await barriersOf(guest.page)).map((barrier) => `sign-in: ${barrier}`));
    const developer = await arrive({ theme });
    await developer.page.goto(docsUrl(), { waitUntil: 'networkidle0' });
    found.push(...(await barriersOf(developer.page)).map((barrier) => `docs: ${barrier}`));
    assert.deepEqual(found, []);
  }, { seconds: 150 });
}

journey('no page is wider than a phone', async ({ arrive }) => {
  const person = await arrive({ width: 360, height: 780 });
  await person.signsIn(account.key);
  const wide = [];
  for (const { place } of places) {
    await lookAt(person, place, async (at) => {
      const by = await overflow(person);
      if (by > 0) wide.push(`${at}: ${by} px too wide`);
    });
  }
  assert.deepEqual(wide, []);
}, { seconds: 90 });
