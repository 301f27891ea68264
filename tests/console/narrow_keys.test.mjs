// Keys with few rights see few actions: a read-only link, and a key for one webhook.
import assert from 'node:assert/strict';
import { eventually } from './api.mjs';
import { journey } from './harness/journey.mjs';
import { frame } from './page_objects.mjs';
import { placesOf } from './places.mjs';

/** Verbs of buttons and links that change something. */
const writes = /^(delete|remove|save|send|resend|replay\b(?!s)|rotate|pause|activate|create|new|add|erase|revoke|make|test|duplicate|rename|replace|set |cancel the|edit|start)/i;

/** Verbs that save. A read-only key may compose and preview, but not save. */
const saves = /^(save|create|send|test the)/i;

/** The buttons and links of the page with their contents. */
const offers = (person) => person.page.evaluate(() => [...document.querySelectorAll('main a[href], main button, dialog button')]
  .filter((element) => element.checkVisibility({ visibilityProperty: true }) && !element.matches(':disabled'))
  .map((element) => element.computedName.trim()));

/** Presses each button of the page once, as a curious person does. */
const pressAll = (person) => person.page.evaluate(async () => {
  const pause = () => new Promise((resolve) => setTimeout(resolve, 20));
  const pressed = new Set();
  for (let round = 0; round < 60; round += 1) {
    // Copy buttons would overwrite the clipboard of other tests.
    const next = [...document.querySelectorAll('main button:enabled')].find((button) => !/^Copy/.test(button.computedName) && !pressed.has(button.computedName) && button.checkVisibility());
    if (!next) return;
    pressed.add(next.computedName);
    next.click();
    await pause();
    document.querySelector('dialog[open] button')?.click();
  }
});

async function tabsOf(person, place) {
  await person.opens(place);
  await person.settles();
  return [place, ...(await person.tabs()).filter((tab) => tab !== place)];
}

async function lookAtAll(person, places) {
  const offered = [];
  for (const { place } of places) {
    for (const at of await tabsOf(person, place)) {
      await person.opens(at);
      await person.settles();
      const forbidden = place.endsWith('/compose') ? saves : writes;
      offered.push(...(await offers(person)).filter((name) => forbidden.test(name)).map((name) => `${at} offers "${name}"`));
      await pressAll(person);
    }
  }
  const written = person.watch.requests.filter(({ method, url }) => method !== 'GET' && !url.endsWith('/v1/webhooks/preview')).map(({ method, url }) => `${method} ${url}`);
  return { offered, written };
}

const prepared = async (account, receiver) => {
  const acme = await account();
  const { id } = await acme.makeWebhook({ name: 'CRM', url: `${receiver.url}/404`, retry: { schedule: [] }, secrets: { token: 'abcd1234' }, headers: { Authorization: 'Bearer %token%' } });
  const { id: other } = await acme.makeWebhook({ name: 'Payroll of the board', url: `${receiver.url}/ok` });
  await acme.report(id);
  const hidden = await acme.report(other, { to: 918867139999 });
  await eventually('the deliveries', async () => (await acme.api.get(`/v1/webhooks/${id}/deliveries?status=failed`)).data.length && (await acme.api.get(`/v1/webhooks/${other}/deliveries`)).data.length);
  return { acme, id, other, hidden };
};

journey('a read-only link offers nothing that writes', async ({ arrive, account, receiver }) => {
  const { acme } = await prepared(account, receiver);
  const { key } = await acme.makeLink();
  const person = await arrive();
  await person.signsIn(key);
  await person.sees('Read only');
  person.expects(/was answered 40[0-9]/);
  const places = (await placesOf(acme.api)).filter(({ name }) => name !== 'compose-new');
  assert.deepEqual(await lookAtAll(person, places), { offered: [], written: [] });
}, { seconds: 90 });

journey('a key for one webhook shows that webhook and nothing of the others', async ({ arrive, account, receiver }) => {
  const { acme, id, other, hidden } = await prepared(account, receiver);
  const person = await arrive();
  await person.signsIn(await acme.makeKey({ name: 'of the CRM', webhook_id: id }), '/webhooks');
  await person.sees('CRM');
  await person.sees('One webhook');
  await person.settles();
  assert.ok(!(await person.has(frame.item('Overview'))), 'figures of the account are not offered');
  for (const place of ['/webhooks', '/reports', '/deliveries', `/webhooks/${id}`, `/webhooks/${id}?tab=subscriptions`]) {
    await person.opens(place);
    await person.settles();
    await person.seesNo('Payroll');
    assert.deepEqual((await offers(person)).filter((name) => /^(create|new webhook|add a subscription)/i.test(name)), [], place);
  }
  person.expects(/was answered 404/);
  await person.opens(`/webhooks/${other}`);
  await person.sees(/does not exist|nothing here/);
  await person.opens(`/reports/${hidden}`);
  await person.sees(/not|nothing/i);
  await person.seesNo('Payroll');
});
