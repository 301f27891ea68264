// The address holds the state of a page, so back, forward and reload keep it.
import assert from 'node:assert/strict';
import { eventually } from './api.mjs';
import { journey } from './harness/journey.mjs';
import { frame, reports, webhooks } from './page_objects.mjs';

journey('filters of reports survive a reload, and back returns to them', async ({ arrive, account, receiver }) => {
  const acme = await account();
  const { id } = await acme.makeWebhook({ name: 'CRM', url: `${receiver.url}/ok` });
  await acme.report(id, { status: 'BUSY', to: 918867131111 });
  await acme.report(id, { status: 'ANSWER', to: 918867132222 });
  await eventually('both reports', async () => (await acme.api.get('/v1/reports')).data.length === 2);
  const person = await arrive();
  await person.signsIn(acme.key, '/reports');
  await person.sees('2222');
  await person.types(reports.callStatus, 'busy');
  await person.presses('Enter');
  await person.isAt('/reports?call_status=busy');
  await person.sees('1111');
  await person.seesNo('2222');
  await person.reloads();
  await person.sees('1111');
  assert.equal(await person.valueOf(reports.callStatus), 'busy');
  await person.clicks(reports.links);
  await person.isAt(/^\/reports\/[0-9a-f-]{36}/);
  await person.goesBack();
  await person.isAt('/reports?call_status=busy');
  await person.sees('1111');
  await person.seesNo('2222');
  await person.clicks(reports.clear);
  await person.sees('2222');
  await person.isAt('/reports');
});

journey('the search of webhooks stands in the address', async ({ arrive, account, receiver }) => {
  const acme = await account();
  for (const name of ['CRM of the north', 'Billing']) await acme.makeWebhook({ name, url: `${receiver.url}/ok` });
  const person = await arrive();
  await person.signsIn(acme.key, '/webhooks');
  await person.sees('Billing');
  await person.types(webhooks.name, 'north');
  await person.isAt('/webhooks?name=north');
  await person.seesNo('Billing');
  await person.clicks(webhooks.link('CRM of the north'));
  await person.finds(frame.page('CRM of the north'));
  await person.goesBack();
  await person.isAt('/webhooks?name=north');
  await person.seesNo('Billing');
  await person.opens('/webhooks?name=bill');
  await person.sees('Billing');
  assert.equal(await person.valueOf(webhooks.name), 'bill');
});

journey('the keyboard finds the search and the pages', async ({ arrive, account }) => {
  const acme = await account();
  const person = await arrive();
  await person.signsIn(acme.key);
  await person.settles();
  await person.presses('g');
  await person.presses('w');
  await person.finds(frame.page('Webhooks'));
  await person.presses('/');
  assert.match(await person.page.evaluate(() => document.activeElement.computedName), /^Find a report/);
  await person.page.keyboard.type('918867130000');
  await person.presses('Enter');
  await person.isAt('/reports?number=918867130000');
});

journey('the theme is chosen and remembered', async ({ arrive, account }) => {
  const acme = await account();
  const person = await arrive({ theme: 'light' });
  await person.signsIn(acme.key);
  const background = () => person.page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await background();
  await person.clicks(frame.theme);
  await person.clicks(frame.theme);
  assert.notEqual(await background(), light);
  await person.reloads();
  await person.finds(frame.signOut);
  assert.notEqual(await background(), light);
});

journey('the language is chosen and remembered', async ({ arrive, account }) => {
  const acme = await account();
  const person = await arrive();
  await person.signsIn(acme.key, '/webhooks');
  await person.finds(frame.page('Webhooks'));
  await person.clicks(frame.hindi);
  await person.finds(frame.english);
  assert.equal(await person.page.evaluate(() => document.documentElement.lang), 'hi');
  await person.reloads();
  await person.finds(frame.english);
  await person.clicks(frame.english);
  await person.finds(frame.page('Webhooks'));
});
