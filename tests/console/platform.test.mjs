// A platform creates an account, its key, and a link for the customer, and opens the account.
import assert from 'node:assert/strict';
import { Api, eventually } from './api.mjs';
import { journey } from './harness/journey.mjs';
import { apiUrl, platform, platformKey } from './harness/world.mjs';
import { accounts, frame, keys, secretOnce, webhook } from './page_objects.mjs';

const unique = () => `shop-${Date.now().toString(36)}${Math.floor(Math.random() * 1e6).toString(36)}`;

journey('a platform creates an account, a key, and a link that its customer opens', async ({ arrive }) => {
  const id = unique();
  const person = await arrive({ width: 1440 });
  await person.signsIn(platformKey());
  await person.isAt('/accounts');
  await person.clicks(accounts.new);
  await person.types(accounts.name, 'Shop of the east');
  await person.types(accounts.zone, 'Asia/Kolkata');
  await person.types(accounts.id, id);
  await person.clicks(accounts.make);
  await person.finds(frame.page('Shop of the east'));
  await person.isAt(`/accounts/${id}`);
  assert.equal((await platform().get(`/v1/accounts/${id}`)).time_zone, 'Asia/Kolkata');
  await person.clicks(accounts.actFor);
  await person.sees('Times in Asia/Kolkata');

  await person.clicks(frame.item('Keys'));
  await person.clicks(keys.newKey);
  await person.types(keys.name, 'dialer, production');
  await person.clicks(keys.submitReports);
  await person.clicks(keys.make);
  await person.sees(/chk_\w{12}_/, { within: secretOnce.dialog });
  const key = (await person.textOf(secretOnce.text)).trim();
  await person.copies(secretOnce.copy);
  await person.clicks(secretOnce.stored);
  await person.sees('dialer, production');
  assert.ok(!(await person.page.content()).includes(key), 'the page keeps no key');
  assert.equal((await new Api(apiUrl(), key).get('/v1/key')).account.id, id);

  await person.clicks(keys.newLink);
  await person.types(keys.name, 'panel, user 17');
  await person.clicks(keys.makeLink);
  await person.sees(/\/console\/#key=chk_/, { within: secretOnce.dialog });
  const [, ofLink] = /#key=(chk_[\w-]+)/.exec(await person.textOf(secretOnce.text));
  await person.copies(secretOnce.copy);
  await person.clicks(secretOnce.stored);
  await person.sees('panel, user 17');

  const customer = await arrive();
  await customer.signsIn(ofLink);
  await customer.sees('Shop of the east');
  await customer.sees('Read only');
  await customer.sees(/This link expires/);
});

journey('revoking a key names it, and ends it', async ({ arrive, account }) => {
  const acme = await account({ name: 'Acme of the keys' });
  await acme.makeKey({ name: 'leaked', scopes: ['webhooks:read'] });
  const person = await arrive({ width: 1440 });
  await person.signsIn(platformKey(), `/accounts/${acme.id}`);
  await person.clicks(accounts.actFor);
  await person.sees('Times in Asia/Kolkata');
  await person.clicks(frame.item('Keys'));
  await person.clicks(keys.revoke('leaked'));
  await person.sees('Revoke leaked?', { within: webhook.dialog });
  await person.clicks(webhook.confirm('Revoke'));
  await person.sees('The key was revoked');
  const names = (await platform().get(`/v1/accounts/${acme.id}/keys`)).data.map(({ name }) => name);
  assert.deepEqual(names, ['engine']);
});

journey('erasing an account needs its typed id and names the deleted data', async ({ arrive, account }) => {
  const acme = await account({ name: 'Acme to erase' });
  const person = await arrive({ width: 1440 });
  await person.signsIn(platformKey(), `/accounts/${acme.id}`);
  await person.clicks(accounts.erase);
  await person.sees('Erase Acme to erase?', { within: webhook.dialog });
  await person.sees('webhooks, subscriptions and secrets', { within: webhook.dialog });
  assert.equal((await platform().get(`/v1/accounts/${acme.id}`)).status, 'active');
  await person.types(accounts.typeId, acme.id);
  await person.clicks(accounts.eraseNow);
  await person.sees(/is being erased|is erased/);
  person.expects(/\/v1\/accounts\/.* was answered 404/);
  await eventually('the erasure to begin', async () => (await platform().get(`/v1/accounts/${acme.id}`).catch(({ status }) => ({ status }))).status !== 'active');
});

journey('a key of an account manages no accounts', async ({ arrive, account }) => {
  const acme = await account();
  const person = await arrive();
  await person.signsIn(acme.key, '/accounts');
  await person.sees('Your key lacks the scope platform');
  assert.ok(!(await person.has(frame.item('Accounts'))));
  await person.opens('/keys');
  await person.settles();
  assert.ok(!(await person.has(keys.newKey)));
});
