// Two people change the same webhook.
import assert from 'node:assert/strict';
import { journey } from './harness/journey.mjs';
import { settings, unsaved, webhook, frame } from './page_objects.mjs';

journey('a change that someone else made first is shown beside one\'s own', async ({ arrive, account, receiver }) => {
  const acme = await account();
  const { id } = await acme.makeWebhook({ name: 'CRM', url: `${receiver.url}/ok`, description: 'as it was' });
  const [one, other] = [await arrive(), await arrive()];
  for (const person of [one, other]) {
    await person.signsIn(acme.key, `/webhooks/${id}?tab=settings`);
    await person.finds(settings.name);
  }
  await one.types(settings.name, 'CRM of the north');
  await other.types(settings.name, 'CRM of the south');
  await other.types(settings.description, 'kept by the other');
  await other.clicks(settings.save);
  await other.sees('Settings saved');
  one.expects(/PATCH .* was answered 412/);
  await one.clicks(settings.save);
  await one.finds(settings.conflict.title);
  await one.sees('CRM of the north');
  await one.sees('CRM of the south');
  assert.equal((await acme.api.get(`/v1/webhooks/${id}`)).name, 'CRM of the south', 'nothing was overwritten');
  await one.clicks(settings.conflict.keepYours('Name'));
  await one.clicks(settings.conflict.save);
  await one.sees('Settings saved');
  const saved = await acme.api.get(`/v1/webhooks/${id}`);
  assert.deepEqual([saved.name, saved.description, saved.version], ['CRM of the north', 'kept by the other', 3]);
});

journey('a failed save loses nothing, and leaving is asked for first', async ({ arrive, account, receiver }) => {
  const acme = await account();
  const { id } = await acme.makeWebhook({ name: 'CRM', url: `${receiver.url}/ok` });
  const person = await arrive();
  await person.signsIn(acme.key, `/webhooks/${id}?tab=settings`);
  await person.types(settings.name, 'A new name');
  person.expects(/ERR_INTERNET_DISCONNECTED/);
  await person.page.setOfflineMode(true);
  await person.clicks(settings.save);
  await person.sees('The console cannot reach the API');
  assert.equal(await person.valueOf(settings.name), 'A new name');
  await person.clicks(webhook.tab('Secrets'));
  await person.finds(unsaved.dialog);
  await person.clicks(unsaved.stay);
  assert.equal(await person.valueOf(settings.name), 'A new name');
  await person.page.setOfflineMode(false);
  await person.clicks(settings.save);
  await person.finds(frame.page('A new name'));
  assert.equal((await acme.api.get(`/v1/webhooks/${id}`)).name, 'A new name');
});
