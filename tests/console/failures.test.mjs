// A receiver fails: the reader goes from a phone number to the reason, resends a delivery, then replays.
import assert from 'node:assert/strict';
import { eventually } from './api.mjs';
import { journey } from './harness/journey.mjs';
import { delivery, frame, replays, report, reports, webhook } from './page_objects.mjs';

/** A webhook whose receiver answers 500 at `path`, and failed deliveries to it. */
async function failing(acme, receiver, path, count) {
  receiver.answer(path, { status: 500, body: 'ORA-00257: archiver error', headers: { 'x-trace': 'trace-4711' } });
  const { id } = await acme.makeWebhook({ name: 'Data warehouse', url: `${receiver.url}${path}`, retry: { schedule: [] } });
  for (let index = 0; index < count; index += 1) await acme.report(id, { to: 918867130000 + index });
  const failed = () => acme.api.get(`/v1/webhooks/${id}/deliveries?status=failed`);
  await eventually('failed deliveries', async () => (await failed()).data.length === count, { seconds: 30 });
  return id;
}

journey('a phone number leads to the reason why a report is missing, and a resend delivers it', async ({ arrive, account, receiver }) => {
  const acme = await account();
  const id = await failing(acme, receiver, '/failing-resend', 1);
  const person = await arrive();
  await person.signsIn(acme.key);
  await person.types(frame.search, '918867130000');
  await person.presses('Enter');
  await person.isAt('/reports?number=918867130000');
  await person.sees('failed', { within: reports.row('0000') });
  await person.clicks(reports.links);
  await person.finds(frame.page('Report'));
  await person.sees('The receiver answered 500');
  await person.clicks(report.deliveryLink);
  await person.finds(frame.page('Delivery'));
  await person.sees('ORA-00257: archiver error', { within: delivery.timeline });
  await person.sees('trace-4711', { within: delivery.timeline });
  await person.sees(`POST ${receiver.url}/failing-resend`, { within: delivery.timeline });
  receiver.answer('/failing-resend', { status: 200, body: 'ok' });
  await person.clicks(delivery.resend);
  await person.sees(/resend.*200|200.*resend/, { within: delivery.timeline, seconds: 30 });
  await person.sees('delivered');
  assert.equal((await acme.api.get(`/v1/webhooks/${id}/deliveries`)).data[0].status, 'delivered');
  assert.equal(receiver.requests.filter(({ path }) => path === '/failing-resend').length, 2);
});

journey('a replay sends what failed, and shows its progress to the end', async ({ arrive, account, receiver }) => {
  const acme = await account();
  const id = await failing(acme, receiver, '/failing-replay', 4);
  receiver.answer('/failing-replay', { status: 200, body: 'ok' });
  const person = await arrive();
  await person.signsIn(acme.key, `/webhooks/${id}`);
  await person.sees('answered 500');
  await person.clicks(webhook.tab('Replays'));
  await person.clicks(replays.lastHour);
  await person.clicks(replays.start);
  await person.sees('Data warehouse', { within: webhook.dialog });
  await person.sees('4 deliveries go out', { within: webhook.dialog });
  await person.clicks(replays.confirm);
  await person.isAt(new RegExp(`^/webhooks/${id}/replays/`));
  await person.finds(replays.bar);
  await person.sees('completed', { seconds: 40 });
  assert.equal(await person.page.$eval('[role=progressbar]', (bar) => bar.getAttribute('aria-valuenow')), '100');
  await eventually('all to be delivered', async () => (await acme.api.get(`/v1/webhooks/${id}/deliveries?status=delivered`)).data.length === 4);
});

journey('a delivery that waits says when it is tried again, and each attempt has its answer', async ({ arrive, account, receiver }) => {
  const acme = await account();
  const { id } = await acme.makeWebhook({ name: 'CRM', url: `${receiver.url}/recover/timeline/2`, retry: { schedule: [1, 600] } });
  await acme.report(id);
  const first = await eventually('two failed attempts', async () => (await acme.api.get(`/v1/webhooks/${id}/deliveries`)).data.find(({ attempt_count: count }) => count === 2), { seconds: 30 });
  const person = await arrive();
  await person.signsIn(acme.key, `/deliveries/${first.id}`);
  await person.sees(/next attempt in (8|9|1\d) min/, { within: delivery.timeline });
  assert.equal(await person.count(delivery.attempts), 2);
  await person.sees(/503.*503/, { within: delivery.timeline });
  await person.sees('down for maintenance', { within: delivery.timeline });
  await person.clicks(delivery.render);
  await person.sees('As it would be sent now');
});

journey('a report that no webhook wants says so, and leads to a subscription', async ({ arrive, account }) => {
  const acme = await account();
  const id = await acme.report(null, { to: 918867135555 });
  await eventually('the report', async () => (await acme.api.get('/v1/reports?number=918867135555')).data.length);
  const person = await arrive();
  await person.signsIn(acme.key, '/reports?number=5555');
  await person.sees('no webhook');
  await person.clicks(reports.links);
  await person.isAt(`/reports/${id}`);
  await person.sees('No webhook wanted this report');
});

journey('a search without results names the searched range and possible causes', async ({ arrive, account }) => {
  const acme = await account();
  const person = await arrive();
  await person.signsIn(acme.key, '/reports?number=918867139876');
  await person.sees('No reports match');
  await person.sees('918867139876');
  await person.clicks(reports.clear);
  await person.isAt('/reports');
});
