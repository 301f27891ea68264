// Dialogs that destroy something name it, and the safe choice has the focus.
import assert from 'node:assert/strict';
import { journey } from './harness/journey.mjs';
import { webhook, frame } from './page_objects.mjs';

journey('deleting a webhook names it, and Cancel keeps it', async ({ arrive, account, receiver }) => {
  const acme = await account();
  const { id } = await acme.makeWebhook({ name: 'Billing of the east', url: `${receiver.url}/ok` });
  const person = await arrive();
  await person.signsIn(acme.key, `/webhooks/${id}`);
  await person.clicks(webhook.delete);
  await person.sees('Billing of the east', { within: webhook.dialog });
  assert.match(await person.page.evaluate(() => document.activeElement.innerText), /Cancel/, 'Cancel has the focus');
  await person.presses('Enter');
  await person.misses(webhook.dialog);
  assert.equal((await acme.api.get(`/v1/webhooks/${id}`)).name, 'Billing of the east');
  await person.clicks(webhook.delete);
  await person.finds(webhook.dialog);
  await person.presses('Escape');
  await person.misses(webhook.dialog);
  await person.clicks(webhook.delete);
  await person.clicks(webhook.confirm('Delete the webhook'));
  await person.finds(frame.page('Webhooks'));
  await assert.rejects(acme.api.get(`/v1/webhooks/${id}`), { status: 404 });
});

journey('pausing is asked for, and activating is one click', async ({ arrive, account, receiver }) => {
  const acme = await account();
  const { id } = await acme.makeWebhook({ name: 'Billing', url: `${receiver.url}/ok` });
  const person = await arrive();
  await person.signsIn(acme.key, `/webhooks/${id}`);
  await person.clicks(webhook.pause);
  await person.sees('its reports are skipped', { within: webhook.dialog });
  await person.clicks(webhook.confirm('Pause'));
  await person.sees('This webhook is paused');
  assert.equal((await acme.api.get(`/v1/webhooks/${id}`)).status, 'inactive');
  await person.clicks(webhook.activate);
  await person.sees('Billing is active');
  assert.equal((await acme.api.get(`/v1/webhooks/${id}`)).status, 'active');
});
