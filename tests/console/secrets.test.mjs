// The signing secret is shown once, and can be rotated.
import assert from 'node:assert/strict';
import { journey } from './harness/journey.mjs';
import { frame, secretOnce, secrets, webhook } from './page_objects.mjs';

const shownSecret = async (person) => (await person.textOf(secretOnce.text)).trim();

journey('a rotated secret is shown once, and can be copied', async ({ arrive, account, receiver }) => {
  const acme = await account();
  const { id, secret: first } = await acme.makeWebhook({ name: 'CRM', url: `${receiver.url}/ok` });
  const person = await arrive();
  await person.signsIn(acme.key, `/webhooks/${id}?tab=secrets`);
  await person.clicks(secrets.rotate);
  await person.sees('a day');
  await person.clicks(secrets.submit);
  await person.sees(/Copy it now/, { within: secretOnce.dialog });
  const second = await shownSecret(person);
  assert.match(second, /^whsec_[A-Za-z0-9+/]{32,}=*$/);
  assert.notEqual(second, first);
  assert.equal(await person.copies(secretOnce.copy), second);
  await person.sees('Copied', { within: secretOnce.dialog });
  await person.clicks(secretOnce.stored);
  await person.misses(secretOnce.dialog);
  await person.sees('signs until');
  await person.seesNo(second);
  assert.ok(!(await person.page.content()).includes(second), 'the page keeps no secret');
  await person.reloads();
  await person.finds(frame.page('CRM'));
  await person.settles();
  const after = await person.page.content();
  assert.ok(![first, second].some((secret) => after.includes(secret)), 'a reload shows no secret');
  assert.equal((await acme.api.get(`/v1/webhooks/${id}`)).signing.earlier.length, 1);
});

journey('a new secret is not lost by a key of the keyboard', async ({ arrive, account, receiver }) => {
  const acme = await account();
  const { id } = await acme.makeWebhook({ name: 'CRM', url: `${receiver.url}/ok` });
  const person = await arrive();
  await person.signsIn(acme.key, `/webhooks/${id}?tab=secrets`);
  await person.clicks(secrets.rotate);
  await person.clicks(secrets.submit);
  await person.sees('whsec_', { within: secretOnce.dialog });
  await person.presses('Escape');
  await person.sees('You have not copied it yet', { within: secretOnce.dialog });
  await person.sees('whsec_', { within: secretOnce.dialog });
});

journey('ending all earlier secrets is asked for first', async ({ arrive, account, receiver }) => {
  const acme = await account();
  const { id } = await acme.makeWebhook({ name: 'CRM of Acme', url: `${receiver.url}/ok` });
  const person = await arrive();
  await person.signsIn(acme.key, `/webhooks/${id}?tab=secrets`);
  await person.clicks(secrets.rotate);
  await person.chooses(secrets.overlap, '0');
  await person.clicks(secrets.submit);
  await person.sees('The signing secret of CRM of Acme', { within: webhook.dialog });
  assert.equal((await acme.api.get(`/v1/webhooks/${id}`)).version, 1);
  await person.clicks(webhook.confirm('Rotate the secret'));
  await person.sees('whsec_', { within: secretOnce.dialog });
  assert.deepEqual((await acme.api.get(`/v1/webhooks/${id}`)).signing.earlier, []);
});
