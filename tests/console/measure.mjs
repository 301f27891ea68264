// Measures the console: bytes of its first load, the time until it can be used, and how long its filters take with 1,000 webhooks
// and 100,000 entries in the log.
//
//     python -m local exec -- node tests/console/measure.mjs [--entries 100000] [--webhooks 1000]
//
// `CONSOLE_SHOW_FILES=1` prints the bytes of each request.
import { launch } from './harness/browser.mjs';
import { Person } from './harness/person.mjs';
import { fill } from './harness/many.mjs';
import { Account, closeReceiver, consoleUrl, docsUrl, sharedReceiver } from './harness/world.mjs';
import { seed } from './seed.mjs';

const option = (name, preset) => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? preset : Number(process.argv[at + 1]);
};
const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;
const row = (...cells) => console.log(`| ${cells.join(' | ')} |`);

/** Counts the bytes over the wire, headers included, of the console's own files and of the API's answers. */
async function countBytes(page) {
  const session = await page.createCDPSession();
  await session.send('Network.enable');
  const urls = new Map();
  const bytes = { files: 0, api: 0, requests: 0 };
  session.on('Network.requestWillBeSent', ({ requestId, request }) => urls.set(requestId, request.url));
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    if (process.env.CONSOLE_SHOW_FILES) console.log(`  ${String(encodedDataLength).padStart(7)}  ${urls.get(requestId)}`);
    bytes[/\/v1\/|openapi\.json/.test(urls.get(requestId) ?? '') ? 'api' : 'files'] += encodedDataLength;
    bytes.requests += 1;
  });
  return bytes;
}

/** A window that is signed in before it opens a place, as after a reload, without a cache. */
async function arrive(browser, key) {
  const person = await Person.arrive(browser, consoleUrl(), { width: 1440, height: 900 });
  await person.page.setCacheEnabled(false);
  await person.page.evaluateOnNewDocument((key) => sessionStorage.setItem('callhook.key', key), key);
  // When the frame can be clicked, and when the page has loaded its data.
  await person.page.evaluateOnNewDocument(() => {
    const look = () => {
      const marks = (globalThis.marks ??= {});
      if (document.querySelector('main h1') && document.querySelector('nav a')) marks.interactive ??= performance.now();
      const loads = document.querySelector('.skeleton, [aria-busy=true]');
      if (marks.interactive && !loads) marks.whole ??= performance.now();
      if (loads) delete marks.whole;
      requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
  return person;
}

async function load(browser, key, place) {
  const person = await arrive(browser, key);
  const bytes = await countBytes(person.page);
  await person.opens(place);
  await person.settles();
  const { marks, paint } = await person.page.evaluate(() => ({ marks: globalThis.marks, paint: performance.getEntriesByName('first-contentful-paint')[0]?.startTime }));
  const faults = await person.watch.faults();
  if (faults.length) throw new Error(faults.join('\n'));
  await person.close();
  return { bytes, paint, ...marks };
}

/** Goes to an address within the page, and returns how long it takes until its rows are shown. */
async function timeOf(person, place) {
  return person.page.evaluate(async (place) => {
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    const loads = () => Boolean(document.querySelector('main .skeleton, main [aria-busy=true]'));
    const began = performance.now();
    performance.clearResourceTimings();
    location.hash = place;
    let busy = false;
    while (performance.now() - began < 15_000) {
      await frame();
      busy ||= loads();
      // A page that shows no loading state within 400 ms has its rows already.
      if (!loads() && (busy || performance.now() - began > 400)) break;
    }
    const requests = performance.getEntriesByType('resource').filter(({ name, startTime }) => name.includes('/v1/') && startTime >= began);
    return { took: performance.now() - began, requests: requests.length, api: Math.max(0, ...requests.map(({ responseEnd }) => responseEnd)) - began, rows: document.querySelectorAll('main tbody tr').length, sawLoading: busy };
  }, place);
}

async function measureLoads(browser, account, webhook) {
  row('first load', 'files', 'API', 'requests', 'first paint', 'interactive', 'with its data');
  row('---', '---', '---', '---', '---', '---', '---');
  for (const [name, place] of [['overview', '/'], ['webhooks', '/webhooks'], ['reports', '/reports'], ['compose', `/webhooks/${webhook.id}/compose`]]) {
    const loads = [];
    for (let run = 0; run < 5; run += 1) loads.push(await load(browser, account.key, place));
    const { bytes } = loads[0];
    const times = ['paint', 'interactive', 'whole'].map((name) => `${Math.round(median(loads.map((load) => load[name])))} ms`);
    row(name, kilobytes(bytes.files), kilobytes(bytes.api), bytes.requests, ...times);
  }
}

async function measureDocs(browser) {
  const person = await Person.arrive(browser, consoleUrl());
  await person.page.setCacheEnabled(false);
  const bytes = await countBytes(person.page);
  await person.page.goto(docsUrl(), { waitUntil: 'networkidle0' });
  row('docs', kilobytes(bytes.files), kilobytes(bytes.api), bytes.requests, '', '', '');
  await person.close();
}

async function measureFilters(browser, account, { webhooks, last }) {
  const from = encodeURIComponent(new Date(Date.now() - 3 * 86_400_000).toISOString());
  const webhook = webhooks[0].id;
  const filters = [
    ['webhooks', '/webhooks'], ['webhooks by name', '/webhooks?name=0042'], ['webhooks by a name that none has', '/webhooks?name=zzz'],
    ['reports', '/reports'], ['reports by call status', '/reports?call_status=BUSY'], ['reports by delivery status', '/reports?status=failed'],
    ['reports by source', '/reports?source=C2C'], ['reports by webhook', `/reports?webhook_id=${webhook}`], ['reports since three days', `/reports?from=${from}`],
    ['reports by mid', '/reports?mid=1234-77'], ['reports by number, of today', `/reports?number=${918_860_000_000 + 99}`],
    ['reports by number, the oldest', `/reports?number=${last.number}`],
    ['deliveries', '/deliveries'], ['deliveries that failed', '/deliveries?status=failed'], ['deliveries of a webhook', `/deliveries?webhook_id=${webhook}`],
    ['deliveries since three days', `/deliveries?from=${from}`],
  ];
  const person = await Person.arrive(browser, consoleUrl(), { width: 1440, height: 900 });
  await person.signsIn(account.key);
  console.log();
  row('filter', 'median of 5', 'slowest', 'until the API has answered', 'requests', 'rows');
  row('---', '---', '---', '---', '---', '---');
  for (const [name, place] of filters) {
    const times = [];
    for (let run = 0; run < 5; run += 1) {
      await timeOf(person, '/account');
      times.push(await timeOf(person, place));
    }
    const took = times.map(({ took }) => took);
    const api = median(times.map(({ api }) => api));
    row(name, `${Math.round(median(took))} ms`, `${Math.round(Math.max(...took))} ms`, `${Math.round(api)} ms`, times[0].requests, times[0].rows);
  }
  await person.close();
}

const browser = await launch();
try {
  const receiver = (await sharedReceiver()).url;
  const usual = await Account.make();
  const { webhooks } = await seed(usual.api, { receiver, reports: 100, isQuick: true });
  await measureLoads(browser, usual, webhooks[0]);
  await measureDocs(browser);
  if (option('entries', 100_000)) {
    const large = await Account.make({ name: 'Large' });
    const filled = await fill(large, receiver, { webhooks: option('webhooks', 1000), entries: option('entries', 100_000) });
    await measureFilters(browser, large, filled);
  }
} finally {
  await browser.close();
  await closeReceiver();
}
