// Stores markup, scripts and odd characters in every field that the console shows. Nothing runs, nothing is loaded from elsewhere, and
// people see the text unchanged.
import assert from 'node:assert/strict';
import { before } from 'node:test';
import { eventually } from './api.mjs';
import { journey } from './harness/journey.mjs';
import { Account, platform, platformKey, sharedReceiver } from './harness/world.mjs';
import { frame, signIn } from './page_objects.mjs';
import { hostileUrls, payloads, payloadWithin } from './payloads.mjs';
import { placesOf, platformPlaces } from './places.mjs';

let account;
let failed;

/** Ignores that the cloud refuses a payload (a URL, a header): then no page shows it. */
const tried = (request) => request.catch((error) => {
  if (error.status >= 500 || error.status === 403) throw error;
  return null;
});

before(async () => {
  const receiver = (await sharedReceiver()).url;
  account = await Account.make({ name: `Acme ${payloads[1]}`.slice(0, 100) });
  const names = payloadWithin(90);
  const made = [];
  for (const [index, payload] of payloads.entries()) {
    const settings = {
      name: `${index} ${names[index % names.length]}`.slice(0, 100),
      description: payload,
      url: `${receiver}/hostile/${index}?q=${encodeURIComponent(payload)}`,
      retry: { schedule: [] },
      headers: { 'X-Template': /^[\x20-\x7e]+$/.test(payload) ? payload.replaceAll('{', '(').replaceAll('%', '') : 'x' },
      body: { format: 'json', template: { markup: payload.replaceAll('{', '('), to: '{{to}}', note: '{{variables.note}}' } },
    };
    made.push((await tried(account.makeWebhook(settings))) ?? (await account.makeWebhook({ ...settings, headers: {}, body: undefined })));
  }
  // The same URL without encoding, if the cloud accepts it.
  await tried(account.makeWebhook({ name: 'Hostile URL', url: `${receiver}/hostile/raw?q="><img src=x onerror=window.harmed=1>` }));
  for (const payload of payloads.slice(0, 4)) await tried(account.api.post('/v1/subscriptions', { identity: `flow:${payload}`.slice(0, 100), webhook_id: made[0].id }));
  const reports = payloads.map((payload, index) => ({
    id: payload.slice(0, 200), webhook_id: made[index].id, source: payload, bridge: payload, from: payload, to: `91886713${String(index).padStart(4, '0')}`, mid: payload,
    flow_id: payload, status: payload, duration: payload, recording_url: hostileUrls[index % hostileUrls.length], hangup_by: payload, dtmf: payload,
    variables: { [payload]: payload, note: payload }, event: 'voice:message:out', end_at: payload,
  }));
  await account.api.post('/v1/reports', reports);
  // No webhook subscribes to this report.
  await account.report(null, { status: payloads[0], mid: payloads[1], to: 918867139999 });
  await account.makeKey({ name: payloads[1].slice(0, 100), scopes: ['webhooks:read'] });
  await account.makeLink({ name: payloads[0].slice(0, 100) });
  await platform().post('/v1/platform-keys', { name: payloads[2].slice(0, 100), scopes: ['platform'], expires_in_days: 1 });
  failed = await eventually('failed deliveries', async () => {
    const { data } = await account.api.get('/v1/deliveries?status=failed&limit=100');
    return data.length >= payloads.length && data;
  });
});

/** Lists the harm on the page: a mark that a payload left, an element that a payload created. */
const harm = () => {
  const found = globalThis.harmed ? [`ran: ${globalThis.harmed}`] : [];
  const foreign = 'script, iframe, style, meta, link, base, object, embed, form[action], dialog:not(.dialog), math, img, [srcdoc], [onload], [onerror], [ontoggle], [onclick]';
  for (const element of document.getElementById('app')?.querySelectorAll(foreign) ?? []) found.push(`made: ${element.outerHTML.slice(0, 200)}`);
  for (const element of document.querySelectorAll('a[href], area[href]')) {
    if (!['http:', 'https:'].includes(element.protocol)) found.push(`links to: ${element.href.slice(0, 200)}`);
    else if (element.hostname === 'foreign.example') found.push(`links to: ${element.href.slice(0, 200)}`);
  }
  return found;
};

/** Opens everything on the page that opens without changing data. */
const openAll = () => {
  document.querySelectorAll('details').forEach((details) => {
    details.open = true;
  });
  const opens = /show|as sent|request|response|answer|headers|body|expand|wrap|more|details|attempt/i;
  const changes = /delete|remove|revoke|save|send|resend|replay|rotate|pause|test|copy|sign out|erase/i;
  [...document.querySelectorAll('main button')].filter((button) => opens.test(button.computedName) && !changes.test(button.computedName)).slice(0, 60).forEach((button) => button.click());
};

async function lookAt(person, place, found) {
  await person.opens(place);
  await person.settles();
  found.push(...(await person.page.evaluate(harm)).map((text) => `${place}: ${text}`));
  await person.page.evaluate(openAll);
  await person.settles();
  found.push(...(await person.page.evaluate(harm)).map((text) => `${place}, opened: ${text}`));
}

async function lookAtAll(person, places) {
  const found = [];
  for (const { place } of places) {
    await lookAt(person, place, found);
    for (const tab of (await person.tabs()).filter((tab) => tab !== place)) await lookAt(person, tab, found);
  }
  assert.deepEqual(found, []);
}

journey('nothing that an account stores runs on any page', async ({ arrive }) => {
  const person = await arrive();
  await person.signsIn(account.key);
  await lookAtAll(person, await placesOf(account.api));
}, { seconds: 120 });

journey('each payload in a report, an answer and a webhook stays text', async ({ arrive }) => {
  const person = await arrive();
  await person.signsIn(account.key);
  const places = failed.flatMap(({ id, report_id: report, webhook_id: webhook }, index) => [`/deliveries/${id}`, ...(index % 3 ? [] : [`/reports/${report}`, `/webhooks/${webhook}`])]);
  await lookAtAll(person, places.map((place) => ({ place })));
  await person.opens('/webhooks');
  await person.sees('<script>window.harmed');
  await person.sees('"><img src=x onerror="window.harmed');
}, { seconds: 150 });

journey('names of accounts and keys stay text for the platform', async ({ arrive }) => {
  const person = await arrive();
  await person.signsIn(platformKey());
  await lookAtAll(person, platformPlaces(account.id));
});

journey('nothing in an address runs', async ({ arrive }) => {
  const person = await arrive();
  await person.signsIn(account.key);
  person.expects(/\/v1\/.* was answered 4\d\d/);
  const found = [];
  for (const payload of payloads) {
    const text = encodeURIComponent(payload);
    for (const place of [`/reports?number=${text}&status=${text}`, `/webhooks?name=${text}`, `/deliveries?status=${text}&webhook_id=${text}`, `/webhooks/${text}`, `/${text}`]) {
      await person.page.goto(`${person.consoleUrl}#${place}`, { waitUntil: 'domcontentloaded' });
      await person.settles();
      found.push(...(await person.page.evaluate(harm)).map((text) => `${place}: ${text}`));
    }
  }
  assert.deepEqual(found, []);
}, { seconds: 150 });

journey('nothing in a link of a sign-in runs or is kept', async ({ arrive }) => {
  for (const payload of ['<img src=x onerror=window.harmed=1>', 'javascript:window.harmed=1', 'chk_"><script>window.harmed=1</script>']) {
    const person = await arrive();
    await person.page.goto(`${person.consoleUrl}#key=${payload}`, { waitUntil: 'domcontentloaded' });
    await person.finds(signIn.key);
    assert.deepEqual(await person.page.evaluate(harm), []);
    assert.deepEqual(await person.page.evaluate(() => ({ ...sessionStorage })), {});
    assert.ok(!(await person.page.evaluate(() => location.href)).includes('harmed'));
  }
  const person = await arrive();
  await person.signsIn(account.key);
  await person.finds(frame.signOut);
});
