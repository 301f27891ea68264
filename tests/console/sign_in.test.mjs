// Signing in: by a link, by a key, with a wrong key, and after a key has ended.
import assert from 'node:assert/strict';
import { journey } from './harness/journey.mjs';
import { frame, signIn } from './page_objects.mjs';

const storage = (person) => person.page.evaluate(() => ({ session: { ...sessionStorage }, local: { ...localStorage }, cookies: document.cookie }));

journey('a link signs in, and leaves the key in the tab only', async ({ arrive, account }) => {
  const acme = await account();
  const { key, url } = await acme.makeLink({ name: 'panel, user 17' });
  assert.ok(url.endsWith(`/console/#key=${key}`));
  const person = await arrive();
  await person.page.goto(`${person.consoleUrl}#key=${key}`, { waitUntil: 'domcontentloaded' });
  await person.finds(frame.signOut);
  await person.sees(acme.name);
  assert.ok(!(await person.page.evaluate(() => location.href)).includes('chk_'), 'the key is out of the address bar');
  const { session, local, cookies } = await storage(person);
  assert.deepEqual(Object.values(session).filter((value) => value.includes('chk_')), [key]);
  assert.ok(!JSON.stringify([local, cookies]).includes('chk_'), 'the key is in the tab\'s storage only');
  assert.ok(!person.watch.requests.some(({ url }) => url.includes('chk_')), 'no URL of a request has the key');
  await person.reloads();
  await person.finds(frame.signOut);
  await person.clicks(frame.signOut);
  await person.finds(signIn.key);
  assert.deepEqual((await storage(person)).session, {});
  await person.reloads();
  await person.finds(signIn.key);
});

journey('a link that is opened in a tab of the console signs in anew', async ({ arrive, account }) => {
  const [one, other] = [await account({ name: 'One of two' }), await account({ name: 'The other of two' })];
  const { key } = await other.makeLink();
  const person = await arrive();
  await person.signsIn(one.key, '/webhooks');
  await person.sees('One of two');
  await person.page.goto(`${person.consoleUrl}#key=${key}`, { waitUntil: 'domcontentloaded' });
  await person.sees('The other of two');
  await person.seesNo('One of two');
  assert.ok(!(await person.page.evaluate(() => location.href)).includes('chk_'), 'the key is out of the address bar');
  assert.ok(!JSON.stringify(await storage(person)).includes(one.key), 'the first key is forgotten');
});

journey('a key signs in, and leads to the place that was asked for', async ({ arrive, account }) => {
  const acme = await account();
  const person = await arrive();
  await person.opens('/webhooks?name=crm');
  await person.types(signIn.key, acme.key);
  await person.clicks(signIn.submit);
  await person.finds(frame.signOut);
  await person.isAt('/webhooks?name=crm');
});

journey('a wrong key says so, and lets another try', async ({ arrive, account }) => {
  const acme = await account();
  const person = await arrive();
  await person.opens('/');
  await person.types(signIn.key, 'not a key');
  await person.clicks(signIn.submit);
  await person.sees('A key begins with chk_');
  person.expects(/GET .*\/v1\/key was answered 403/);
  await person.types(signIn.key, 'chk_000000000000_wrongwrongwrongwrongwrongwrongwrongwrongwro');
  await person.clicks(signIn.submit);
  await person.sees('The API refused this key');
  assert.equal((await storage(person)).session['callhook.key'], undefined);
  await person.types(signIn.key, acme.key);
  await person.presses('Enter');
  await person.finds(frame.signOut);
});

journey('a key that ends in mid-session asks for another, and leads back', async ({ arrive, account }) => {
  const acme = await account();
  const person = await arrive();
  await person.signsIn(await acme.makeKey({ name: 'short' }), '/webhooks?name=crm');
  await person.finds(frame.page('Webhooks'));
  // API Gateway accepts a key for up to a minute after it expired, so the test itself gives the response for an expired key.
  await person.page.setRequestInterception(true);
  let isEnded = true;
  person.page.on('request', (request) => {
    if (isEnded && request.url().includes('/v1/')) request.respond({ status: 403, contentType: 'application/json', body: '{"message":"Forbidden"}' });
    else request.continue();
  });
  person.expects(/was answered 403/);
  await person.opens('/reports?call_status=BUSY');
  await person.finds(signIn.key);
  await person.sees('Your key has expired or was revoked');
  isEnded = false;
  await person.types(signIn.key, acme.key);
  await person.clicks(signIn.submit);
  await person.finds(frame.page('Reports'));
  await person.isAt('/reports?call_status=BUSY');
});
