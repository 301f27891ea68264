// Fills an account with usual data: twelve webhooks, subscriptions, reports of many kinds, failures, retries, resends, a replay.
//
//     node seed.mjs --url http://localhost:8080 --key chk_… --receiver http://127.0.0.1:9100 [--reports 300] [--account <id>]
//
// `--account` is for a platform key. Run again, it uses the webhooks that are there and adds reports.
import { fileURLToPath } from 'node:url';
import { Api, eventually, pause } from './api.mjs';

/** Numbers from 0 to 1 that are the same in every run. */
function generator(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const longName = 'Regional distribution partners of the northern and eastern zones: nightly reconciliation of every call';

/** A URL of 2,000 characters. */
const longUrl = (receiver) => {
  const start = `${receiver}/ok/partners/north-east/reconciliation?signature=`;
  return `${start}${'c2lnbmF0dXJlLW9mLXRoZS1wYXJ0bmVy'.repeat(70).slice(0, 2000 - start.length - 10)}&to={{to}}`;
};

/**
 * The webhooks: settings, the flow whose reports they get, and their share of the reports. Those that fail have few,
 * so that the account looks like one that works.
 */
export const webhooksFor = (receiver) => [
  {
    flow: 101, share: 26,
    settings: {
      name: 'CRM: call outcomes', description: 'Opens or updates the lead of the caller.', url: `${receiver}/ok/crm/calls?tenant=north`,
      headers: { Authorization: 'Bearer %token%', 'X-Source': 'callhook' }, secrets: { token: 's3cr3t-of-the-crm' },
      body: {
        format: 'json',
        template: {
          lead: { phone: '{{to}}', agent: '{{from}}' },
          outcome: '{{status | downcase}}', seconds: '{{duration | number}}', started: '{{start_at_iso8601}}', recording: "{{recording_url | default: 'none'}}",
        },
      },
    },
  },
  { flow: 102, share: 14, settings: { name: longName.slice(0, 100), url: `${receiver}/202/reconcile`, description: 'Reads the default payload.' } },
  { flow: 103, share: 10, settings: { name: 'ग्राहक सेवा: कॉल रिपोर्ट', url: `${receiver}/slow/support`, description: 'हर कॉल के बाद ग्राहक सेवा टीम को सूचना।' } },
  { flow: 104, share: 7, settings: { name: 'Partner with a signed URL', url: longUrl(receiver) } },
  { flow: 105, share: 12, settings: { name: 'Dialer pixel', method: 'GET', url: `${receiver}/ok/pixel?id={{id}}&to={{to}}&status={{status}}` } },
  {
    flow: 106, share: 9,
    settings: {
      name: 'Web-to-lead form', url: `${receiver}/ok/servlet/lead`,
      body: { format: 'form', template: { oid: '00D000000000001', phone: '{{to}}', lead_source: '{{source}}', description: '{{status}} after {{duration}} s' } },
    },
  },
  { flow: 107, share: 3, settings: { name: 'Billing (paused for the audit)', url: `${receiver}/ok/billing`, status: 'inactive' } },
  { flow: 108, share: 6, settings: { name: 'Ledger', url: `${receiver}/recover/ledger/3`, max_per_second: 5, retry: { schedule: [2, 3, 5, 60] }, mask: ['from', 'to'] } },
  { flow: 109, share: 4, settings: { name: 'Legacy PHP endpoint', url: `${receiver}/201/hook.php`, retry: { schedule: [2] } } },
  { flow: 110, share: 4, settings: { name: 'Data warehouse', url: `${receiver}/long/ingest`, description: 'Answers 500 with a trace of 1 KiB.' } },
  { flow: 111, share: 3, settings: { name: 'Intranet of the old office', url: `${receiver}/404/report`, retry: { schedule: [] } } },
  { flow: 112, share: 2, settings: { name: 'Analytics', url: `${receiver}/hang/collect`, timeout_seconds: 1, retry: { schedule: [3, 1800] } } },
];

const callStatuses = ['ANSWER', 'ANSWER', 'ANSWER', 'ANSWER', 'BUSY', 'NOANSWER', 'CANCEL', 'FAILED', 'CONGESTION'];
const bridges = [918068280000, 918068280000, 918068280000, 918068280001, 918068280001, 918068280001, 918045671200];

/** "2026-11-28 18:31:39" on the clock of a zone. */
const plainTime = (instant, zone) => new Intl.DateTimeFormat('sv-SE', {
  timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit',
}).format(instant);

/** Reports of calls that ended within the last `hours`. */
export function reportsFor(flows, count, { zone = 'UTC', hours = 20, seed = 16, now = Date.now() } = {}) {
  const random = generator(seed);
  const among = (list) => list[Math.floor(random() * list.length)];
  const shares = flows.flatMap(({ flow, share }) => Array(share).fill(flow));
  const run = now.toString(36);
  return Array.from({ length: count }, (_, index) => {
    const status = among(callStatuses);
    const seconds = status === 'ANSWER' ? 5 + Math.floor(random() * 400) : Math.floor(random() * 30);
    const end = now - Math.floor(random() * hours * 3_600_000);
    const isObd = random() < 0.75;
    const report = {
      id: `call-${run}-${index}`,
      source: isObd ? 'OBD' : 'C2C',
      bridge: among(bridges),
      from: 918919500000 + Math.floor(random() * 40),
      to: 918867100000 + Math.floor(random() * 400) * 17,
      start_at: plainTime(end - seconds * 1000, zone),
      end_at: plainTime(end, zone),
      duration: String(seconds),
      status,
      ...(isObd ? { mid: `1234-1333-${index % 50}` } : { status1: status, status2: status, billing: String(seconds), hangup_by: among(['agent', 'caller']) }),
      ...(status === 'ANSWER' ? { recording_url: `https://recordings.example/${run}/${index}.mp3` } : {}),
      ...(random() < 0.3 ? { variables: { otp: String(1000 + Math.floor(random() * 9000)), नाम: 'आरव शर्मा' }, dtmf: '1#' } : {}),
    };
    // One in 25 has a flow that no webhook subscribes to.
    report.flow_id = index % 25 === 24 ? 999 : among(shares);
    return report;
  });
}

/** Creates the webhooks that the account lacks, and subscribes each to the reports of its flow. Returns them in order. */
async function makeWebhooks(api, receiver) {
  const existing = await api.all('/v1/webhooks');
  const made = [];
  for (const { flow, share, settings } of webhooksFor(receiver)) {
    const webhook = existing.find(({ name }) => name === settings.name) ?? (await api.post('/v1/webhooks', settings));
    await subscribe(api, webhook.id, `flow:${flow}`);
    made.push({ flow, share, id: webhook.id, name: settings.name });
  }
  await subscribe(api, made[2].id, 'number:918045671200');
  return made;
}

async function subscribe(api, webhookId, identity) {
  try {
    await api.post('/v1/subscriptions', { identity, webhook_id: webhookId });
  } catch (error) {
    if (error.status !== 409) throw error;
  }
}

/** Submits reports, a hundred at a time. */
export async function submitReports(api, reports) {
  const ids = [];
  for (let at = 0; at < reports.length; at += 100) {
    const answer = await api.post('/v1/reports', reports.slice(at, at + 100));
    if (Array.isArray(answer?.reports)) ids.push(...answer.reports.map(({ id }) => id));
    else if (answer?.id) ids.push(answer.id);
  }
  return ids;
}

/** The deliveries of a webhook with a status, once there are some. */
const deliveriesOf = (api, webhook, status) => eventually(
  `${status} deliveries of "${webhook.name}"`,
  async () => {
    const { data } = await api.get(`/v1/webhooks/${webhook.id}/deliveries?status=${status}&limit=20`);
    return data.length ? data : null;
  },
  { seconds: 60 },
);

/** Sends some deliveries of a webhook again, and a range of its failed ones as a replay. */
async function sendAgain(api, webhook) {
  const failed = await deliveriesOf(api, webhook, 'failed');
  for (const { id } of failed.slice(0, 3)) await api.post(`/v1/deliveries/${id}/resend`);
  const day = 24 * 3_600_000;
  try {
    await api.post(`/v1/webhooks/${webhook.id}/replays`, {
      from: new Date(Date.now() - 2 * day).toISOString(), to: new Date(Date.now() + day).toISOString(), deliveries: 'failed',
    });
  } catch (error) {
    // A replay of an earlier run is in progress.
    if (error.status !== 409) throw error;
  }
}

/**
 * Fills an account. `say` gets progress messages. With `isQuick` the reports name their webhooks, so that no subscription has to take
 * effect, and the function waits only for the first failed and the first delivered ones.
 */
export async function seed(api, { receiver, reports = 300, zone, isQuick = false, say = () => {} }) {
  const timeZone = zone ?? (await zoneOf(api));
  const webhooks = await makeWebhooks(api, receiver);
  say(`${webhooks.length} webhooks and their subscriptions`);
  // A first subscription takes effect within 5 s.
  if (!isQuick) await pause(5_500);
  const idOf = new Map(webhooks.map(({ flow, id }) => [flow, id]));
  const named = ({ flow_id: flow, ...report }) => ({ ...report, flow_id: flow, ...(isQuick && idOf.has(flow) ? { webhook_id: idOf.get(flow) } : {}) });
  await submitReports(api, reportsFor(webhooks, reports, { zone: timeZone }).map(named));
  say(`${reports} reports submitted`);
  const [legacy, intranet] = [webhooks[8], webhooks[10]];
  await sendAgain(api, intranet);
  if (!isQuick) await deliveriesOf(api, legacy, 'failed');
  await deliveriesOf(api, webhooks[0], 'delivered');
  say('deliveries sent again, and a replay');
  return { webhooks };
}

async function zoneOf(api) {
  try {
    return (await api.get('/v1/key')).account?.time_zone ?? 'UTC';
  } catch {
    return 'UTC';
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const option = (name, preset) => {
    const at = process.argv.indexOf(`--${name}`);
    return at < 0 ? preset : process.argv[at + 1];
  };
  const api = new Api(option('url', process.env.URL ?? 'http://localhost:8080'), option('key', process.env.KEY), { account: option('account') });
  await seed(api, { receiver: option('receiver', 'http://127.0.0.1:9100'), reports: Number(option('reports', '300')), zone: option('zone'), say: console.log });
}
