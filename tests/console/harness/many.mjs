// An account with 1,000 webhooks and 100,000 entries in its log.
import { eventually } from '../api.mjs';
import { reportsFor } from '../seed.mjs';
import { deliveriesTable, putAll, query } from './table.mjs';

const DAY = 24 * 3_600_000;
const ROWS_OF_A_PAGE = 25;

/** Creates webhooks, six at a time. Returns them. */
async function makeWebhooks(account, count, receiver) {
  const made = [];
  const numbers = Array.from({ length: count }, (_, index) => index);
  const work = async () => {
    for (let index = numbers.pop(); index !== undefined; index = numbers.pop()) {
      const path = index % 50 === 49 ? '404' : 'ok';
      made.push(await account.makeWebhook({ name: `Branch ${String(index).padStart(4, '0')} of the sales network`, url: `${receiver}/${path}/${index}`, retry: { schedule: [] } }));
    }
  };
  await Promise.all(Array.from({ length: 6 }, work));
  return made;
}

/** The items of a webhook's deliveries in the cloud's table. */
async function itemsOf(webhook) {
  const partitions = Array.from({ length: 8 }, (_, shard) => `${webhook.id}#${shard}`);
  return (await Promise.all(partitions.map((partition) => query(deliveriesTable(), partition)))).flat();
}

/** The id of a report, moved to another time. Its last byte, which chooses the partition, stays. */
const idAt = (id, time, index) => {
  const [clock, tail] = [time.toString(16).padStart(12, '0'), index.toString(16).padStart(8, '0')];
  return `${clock.slice(0, 8)}-${clock.slice(8)}-${id.slice(14, 18)}-${id.slice(19, 23)}-00${tail}${id.slice(-2)}`;
};

/** A copy of a delivery's item for another report and time. */
function copyOf(item, time, index) {
  const id = idAt(item.sk.S, time, index);
  const at = new Date(time).toISOString();
  const report = { ...JSON.parse(item.report.S), id: `call-${index}`, to: 918_860_000_000 + index, mid: `1234-${index % 5000}` };
  return {
    ...item,
    sk: { S: id },
    report: { S: JSON.stringify(report) },
    received_at: { S: at },
    updated_at: { S: at },
    ...(item.undelivered_id ? { undelivered_id: { S: `${id}#${item.pk.S.split('#')[0]}` } } : {}),
  };
}

/** The journal row of a copied item. */
function rowOf(item, time) {
  const report = JSON.parse(item.report.S);
  const text = (value) => (value === undefined ? undefined : String(value));
  return {
    i: item.sk.S, r: time, e: 'voice:message:out', w: [item.pk.S.split('#')[0]],
    d: {
      s: report.start_at, n: report.end_at, f: text(report.from), t: text(report.to), b: text(report.bridge), m: report.mid, c: report.id, l: text(report.flow_id), o: report.source, a: report.status,
    },
  };
}

/** The journal pages for rows from the newest to the oldest. */
function pagesOf(account, rows, expiresAt) {
  const pages = [];
  for (let at = 0; at < rows.length; at += ROWS_OF_A_PAGE) {
    const page = rows.slice(at, at + ROWS_OF_A_PAGE);
    const newest = page[0].r;
    const together = [...page].sort((a, b) => (a.i < b.i ? -1 : 1));
    const key = (at * 2_654_435_761).toString(16).padStart(16, '0').slice(-16);
    pages.push({
      pk: { S: `JOURNAL#${account.id}#${new Date(newest).toISOString().slice(0, 10)}#${(at / ROWS_OF_A_PAGE) % 4}` },
      sk: { S: `${newest}.${newest}.${key}` },
      expires_at: expiresAt,
      rows: { S: JSON.stringify(together) },
    });
  }
  return pages;
}

/** Fills an account: creates webhooks with the API, and fills the log with copies of what the cloud logged for some reports. */
export async function fill(account, receiver, { webhooks: webhookCount = 1000, entries = 100_000, days = 7 } = {}) {
  const webhooks = await makeWebhooks(account, webhookCount, receiver);
  const some = webhooks.slice(0, 100);
  const reports = reportsFor([{ flow: 1, share: 1 }], some.length).map((report, index) => ({ ...report, webhook_id: some[index].id }));
  await account.api.post('/v1/reports', reports);
  const patterns = await eventually('the deliveries to copy', async () => {
    const items = (await Promise.all(some.map(itemsOf))).flat();
    return items.length >= some.length && items.every(({ status }) => status.S !== 'pending') && items;
  }, { seconds: 120, every: 1000 });
  const began = Date.now() - 60_000;
  const copies = Array.from({ length: entries }, (_, index) => {
    // The reports of a page get the same time: a row with another time than its delivery would count as a repetition.
    const page = index - (index % ROWS_OF_A_PAGE);
    const time = began - Math.floor((page * days * DAY) / entries);
    return { time, item: copyOf(patterns[index % patterns.length], time, index) };
  });
  const rows = copies.map(({ time, item }) => rowOf(item, time));
  await putAll(deliveriesTable(), copies.map(({ item }) => item));
  await putAll(deliveriesTable(), pagesOf(account, rows, patterns[0].expires_at));
  return { webhooks: some, last: { number: 918_860_000_000 + entries - 7 } };
}
