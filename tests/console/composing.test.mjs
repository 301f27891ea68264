// The path of a new user: create, compose, preview, test, submit a real report, and find it by its number. Also mistakes while composing.
import assert from 'node:assert/strict';
import { eventually } from './api.mjs';
import { journey } from './harness/journey.mjs';
import { compose, delivery, frame, report, reports, secretOnce, webhook, webhooks } from './page_objects.mjs';

journey('from nothing to a composed webhook that got a report', async ({ arrive, account, receiver }) => {
  const acme = await account();
  const person = await arrive({ width: 1440 });
  await person.signsIn(acme.key);
  await person.clicks(frame.item('Webhooks'));
  await person.clicks(webhooks.create);
  await person.types(compose.name, 'CRM of Acme');
  // The platform's own example, with the test's receiver instead of its host.
  await person.pastes(compose.url, `${receiver.url}/ok/ack/receive?id={{id}}&to={{to}}&status={{status}}`);
  await person.clicks(compose.addHeader);
  await person.types(compose.headerName(1), 'Authorization');
  await person.pastes(compose.headerValue(1), 'Bearer %token%');
  await person.sees('This request uses the secret token: set it');
  await person.types(compose.secret('token'), 's3cr3t-of-acme');
  await person.sees(/ack\/receive\?id=[\w-]+&to=918867130000&status=ANSWER/, { within: compose.preview });
  await person.sees('Bearer •••', { within: compose.preview });
  assert.ok(!(await person.textOf()).includes('s3cr3t-of-acme'), 'the secret is not shown');
  await person.clicks(compose.reports('All reports of the account'));
  await person.clicks(compose.create);
  await person.sees('whsec_', { within: secretOnce.dialog });
  await person.copies(secretOnce.copy);
  await person.clicks(secretOnce.stored);
  await person.clicks(compose.test);
  await person.sees('Accepted');
  await person.sees(/\b200\b/);
  const [trial] = receiver.requests.filter(({ path, headers }) => path === '/ok/ack/receive' && headers['webhook-test']);
  assert.equal(trial.headers.authorization, 'Bearer s3cr3t-of-acme');

  await eventually('the subscription', async () => (await acme.api.get('/v1/subscriptions')).data.length === 1);
  const id = await eventually('a delivered report', async () => {
    const id = await acme.report(null, { to: 918867134242, status: 'BUSY' });
    await eventually('the report', async () => (await acme.api.get('/v1/reports?number=918867134242')).data.find((row) => row.id === id));
    const { deliveries } = (await acme.api.get('/v1/reports?number=918867134242')).data[0];
    return deliveries.length ? id : null;
  }, { seconds: 40, every: 1500 });
  await eventually('the request', () => receiver.requests.find(({ url }) => url.includes('to=918867134242&status=BUSY')));
  await person.types(frame.search, '918867134242');
  await person.presses('Enter');
  await person.sees('delivered');
  await person.clicks(reports.links);
  await person.isAt(`/reports/${id}`);
  await person.sees('CRM of Acme');
  await person.clicks(report.deliveryLink);
  await person.sees('200', { within: delivery.timeline });
}, { seconds: 120 });

journey('mistakes are shown where they are, and nothing that was typed is lost', async ({ arrive, account, receiver }) => {
  const acme = await account();
  const person = await arrive({ width: 1440 });
  await person.signsIn(acme.key, '/webhooks/new');
  await person.types(compose.name, 'Half done');
  await person.pastes(compose.url, `${receiver.url}/ok?to={{to | nosuchfilter}}`);
  person.expects(/POST .*\/v1\/webhooks\/preview was answered 422/);
  await person.sees(/nosuchfilter/);
  await person.sees(/column \d+/);
  await person.reloads();
  await person.sees('These are your earlier changes. They are not saved yet.');
  assert.equal(await person.valueOf(compose.name), 'Half done');
});

journey('a composed webhook is changed, and two who change it see both versions', async ({ arrive, account, receiver }) => {
  const acme = await account();
  const { id } = await acme.makeWebhook({ name: 'CRM', url: `${receiver.url}/ok/first` });
  const person = await arrive({ width: 1440 });
  await person.signsIn(acme.key, `/webhooks/${id}/compose`);
  await person.finds(compose.url);
  await acme.api.patch(`/v1/webhooks/${id}`, { name: 'CRM, renamed meanwhile', url: `${receiver.url}/ok/other` });
  await person.pastes(compose.url, `${receiver.url}/ok/second?to={{to}}`);
  person.expects(/was answered 412/);
  await person.clicks(compose.save);
  await person.finds(compose.conflict.title);
  await person.sees(/\/ok\/second.*\/ok\/other/, { within: webhook.dialog });
  await person.sees('kept as saved: name', { within: webhook.dialog });
  await person.clicks(compose.conflict.overwrite);
  await person.sees('Saved. Deliveries use it within 30 s.');
  const saved = await acme.api.get(`/v1/webhooks/${id}`);
  assert.deepEqual([saved.name, saved.url], ['CRM, renamed meanwhile', `${receiver.url}/ok/second?to={{to}}`]);
});

journey('a curl command that is pasted becomes the request', async ({ arrive, account, receiver }) => {
  const acme = await account();
  const person = await arrive({ width: 1440 });
  await person.signsIn(acme.key, '/webhooks/new');
  await person.pastes(compose.url, `curl -X PUT '${receiver.url}/ok/curl?to={{to}}' -H 'X-Tenant: north' --json '{"status":"{{status}}"}'`);
  await person.sees('The curl command was read.');
  assert.equal(await person.valueOf(compose.url), `${receiver.url}/ok/curl?to={{to}}`);
  await person.sees(/PUT.*\/ok\/curl\?to=918867130000/, { within: compose.preview });
  await person.sees('x-tenant: north', { within: compose.preview });
  await person.sees('"status": "ANSWER"', { within: compose.preview });
});

journey('a preset fills the form, and the preview shows the same as a curl line', async ({ arrive, account }) => {
  const acme = await account();
  const person = await arrive({ width: 1440 });
  await person.signsIn(acme.key, '/webhooks/new');
  await person.clicks(compose.presets);
  await person.clicks(compose.preset('Slack'));
  await person.sees('https://hooks.slack.com/services/', { within: compose.preview });
  await person.clicks(compose.curlTab);
  await person.isAt('/webhooks/new?show=curl');
  await person.sees(/curl .*hooks\.slack\.com/, { within: compose.preview });
  await person.sees('This request uses the secret slack: set it');
});
