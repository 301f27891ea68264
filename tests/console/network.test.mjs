// The console offline, with a gateway that refuses requests for a while, and with failed responses.
import assert from 'node:assert/strict';
import { journey } from './harness/journey.mjs';
import { frame } from './page_objects.mjs';

journey('offline shows an error, and "Try again" continues', async ({ arrive, account, receiver }) => {
  const acme = await account();
  await acme.makeWebhook({ name: 'CRM', url: `${receiver.url}/ok` });
  const person = await arrive();
  await person.signsIn(acme.key);
  await person.settles();
  person.expects(/ERR_INTERNET_DISCONNECTED/);
  await person.page.setOfflineMode(true);
  await person.clicks(frame.item('Webhooks'));
  await person.sees('The console cannot reach the API. Check your connection, then try again.');
  await person.page.setOfflineMode(false);
  await person.clicks(frame.tryAgain);
  await person.sees('CRM');
});

journey('offline at the start keeps the key, and "Try again" signs in', async ({ arrive, account }) => {
  const acme = await account();
  const person = await arrive();
  await person.signsIn(acme.key, '/webhooks');
  person.expects(/\/v1\/.* failed: net::ERR_/);
  let isDown = true;
  await person.page.setRequestInterception(true);
  person.page.on('request', (request) => (isDown && request.url().includes('/v1/') ? request.abort('connectionrefused') : request.continue()));
  await person.reloads();
  await person.sees('The console cannot reach the API');
  isDown = false;
  await person.clicks(frame.tryAgain);
  await person.finds(frame.page('Webhooks'));
});

/** Gives the next `times` requests whose URL contains `part` the gateway's answer. */
async function refuse(person, part, times, answer) {
  let left = times;
  await person.page.setRequestInterception(true);
  person.page.on('request', (request) => {
    if (left > 0 && request.url().includes(part)) {
      left -= 1;
      request.respond(answer);
    } else request.continue();
  });
}

journey('a busy gateway shows an error, and "Try again" continues', async ({ arrive, account, receiver }) => {
  const acme = await account();
  await acme.makeWebhook({ name: 'CRM', url: `${receiver.url}/ok` });
  const person = await arrive();
  await person.signsIn(acme.key);
  await person.settles();
  person.expects(/was answered 429/);
  await refuse(person, '/v1/webhooks', 1, { status: 429, contentType: 'application/json', headers: { 'retry-after': '7' }, body: '{"message":"Too Many Requests"}' });
  await person.clicks(frame.item('Webhooks'));
  await person.sees(/Too many requests at the moment\. Try again in 7 s/);
  await person.clicks(frame.tryAgain);
  await person.sees('CRM');
});

journey('an unexpected response shows its status', async ({ arrive, account }) => {
  const acme = await account();
  const person = await arrive();
  await person.signsIn(acme.key);
  await person.settles();
  person.expects(/was answered 502/);
  await refuse(person, '/v1/webhooks', 1, { status: 502, contentType: 'text/html', body: '<h1>Bad Gateway</h1>' });
  await person.clicks(frame.item('Webhooks'));
  await person.sees('The API answered 502');
  assert.ok(!(await person.textOf()).includes('<h1>'));
  await person.clicks(frame.tryAgain);
  await person.seesNo('The API answered 502');
});
