// Writes figures of past hours directly into the local cloud's table: real deliveries end now, but charts need a day.
//
//     node history.mjs --account demo --url … --key …   (CALLHOOK_DELIVERIES_TABLE and AWS_ENDPOINT_URL name the table)
import { fileURLToPath } from 'node:url';
import { Api } from './api.mjs';
import { deliveriesTable, putAll } from './harness/table.mjs';

const HOUR = 3_600_000;
const limits = [50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000];
const n = (value) => ({ N: String(value) });

/** Calls follow office hours in India: few at night, most at noon and at five. */
const weightAt = (hour) => {
  const local = (hour + 5.5) % 24;
  return 0.08 + Math.exp(-((local - 12) ** 2) / 8) + 0.9 * Math.exp(-((local - 17.5) ** 2) / 5);
};

/** The load of a webhook: deliveries at noon, share of failed attempts, usual latency. */
const manners = [
  [/^CRM/, { rate: 420, failing: 0.01, latency: 1 }],
  [/^Regional/, { rate: 260, failing: 0.02, latency: 2 }],
  [/^ग्राहक/, { rate: 180, failing: 0.01, latency: 4 }],
  [/^Partner/, { rate: 90, failing: 0.03, latency: 2 }],
  [/^Dialer/, { rate: 210, failing: 0, latency: 0 }],
  [/^Web-to-lead/, { rate: 120, failing: 0.02, latency: 2 }],
  [/^Ledger/, { rate: 80, failing: 0.05, latency: 1 }],
  [/^Legacy/, { rate: 20, failing: 1, latency: 1 }],
  [/^Data warehouse/, { rate: 30, failing: 1, latency: 3, since: 3 }],
  [/^Intranet/, { rate: 10, failing: 1, latency: 1 }],
  [/^Analytics/, { rate: 14, failing: 0.9, latency: 5 }],
];

/** The figures of an hour. */
function figures({ rate, failing, latency, since = Infinity }, hour, hoursAgo, chance) {
  const failsNow = failing < 1 || hoursAgo <= since || since === Infinity ? failing : 0.01;
  const ended = Math.round(rate * weightAt(hour) * (0.85 + 0.3 * chance()));
  const failedAttempts = Math.round(ended * failsNow * (failsNow > 0.5 ? 1 : 1.4));
  const failed = failsNow > 0.5 ? Math.round(ended * failsNow) : 0;
  const attempts = ended + (failsNow > 0.5 ? 0 : failedAttempts);
  const within = limits.map((_, index) => Math.round(attempts * [0.62, 0.24, 0.09, 0.03, 0.01, 0.01, 0, 0, 0].at(index - latency) * (index >= latency)));
  return { delivered: ended - failed, failed, skipped: 0, attempts, failed_attempts: failedAttempts, within };
}

const item = (partition, hour, { within, ...counts }) => ({
  pk: { S: partition },
  sk: { S: hour.toISOString().slice(0, 13) },
  expires_at: n(Math.floor(Date.now() / 1000) + 400 * 86_400),
  ...Object.fromEntries(Object.entries(counts).filter(([, count]) => count).map(([name, count]) => [name, n(count)])),
  ...Object.fromEntries(within.map((count, index) => [`within_${limits[index]}`, n(count)]).filter(([, { N }]) => N !== '0')),
});

const sum = (a, b) => ({
  ...Object.fromEntries(['delivered', 'failed', 'skipped', 'attempts', 'failed_attempts'].map((name) => [name, a[name] + b[name]])),
  within: a.within.map((count, index) => count + b.within[index]),
});

/** Writes figures of the last `hours`, without the current one, for the webhooks of `seed.mjs` and their account. */
export async function writeHistory(api, account, { hours = 72, chance = Math.random } = {}) {
  const webhooks = (await api.all('/v1/webhooks')).flatMap(({ id, name }) => {
    const found = manners.find(([pattern]) => pattern.test(name));
    return found ? [{ id, manner: found[1] }] : [];
  });
  const items = [];
  const thisHour = Math.floor(Date.now() / HOUR) * HOUR;
  for (let ago = 1; ago <= hours; ago += 1) {
    const hour = new Date(thisHour - ago * HOUR);
    const all = webhooks.map(({ id, manner }) => [id, figures(manner, hour.getUTCHours(), ago, chance)]);
    items.push(...all.map(([id, counts]) => item(`STATS#${id}`, hour, counts)));
    if (all.length) items.push(item(`STATS#ACCOUNTS#${account}`, hour, all.map(([, counts]) => counts).reduce(sum)));
  }
  await putAll(deliveriesTable(), items);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const option = (name, preset) => {
    const at = process.argv.indexOf(`--${name}`);
    return at < 0 ? preset : process.argv[at + 1];
  };
  const account = option('account', 'demo');
  await writeHistory(new Api(option('url', process.env.URL ?? 'http://localhost:8080'), option('key', process.env.KEY)), account, { hours: Number(option('hours', '72')) });
}
