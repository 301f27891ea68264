// The environment of a test: the cloud, its own accounts, a receiver.
import { Api } from '../api.mjs';
import { startReceiver } from '../receiver.mjs';

const needed = (name) => process.env[name] ?? (() => {
  throw new Error(`${name} is not set: run "make test-console"`);
})();

export const apiUrl = () => needed('CALLHOOK_URL').replace(/\/$/, '');

/** Where the console is: beside the API, or at `CONSOLE_URL` (as `node functions/console/web/dev.mjs` serves it). */
export const consoleUrl = () => process.env.CONSOLE_URL ?? `${apiUrl()}/console/`;

/** The API reference. */
export const docsUrl = () => new URL('../docs', consoleUrl()).href;

export const platformKey = () => needed('CALLHOOK_PLATFORM_KEY');
export const platform = () => new Api(apiUrl(), platformKey());

let made = 0;
const unique = () => `${Date.now().toString(36)}${process.pid.toString(36)}${(made += 1).toString(36)}`;

/** An account for one test. */
export class Account {
  static async make({ name = 'Acme Telephony', zone = 'Asia/Kolkata', id = `browser-${unique()}` } = {}) {
    await platform().post('/v1/accounts', { id, name, time_zone: zone });
    const account = new Account(id, name);
    account.key = await account.makeKey({ name: 'engine' });
    account.api = new Api(apiUrl(), account.key);
    return account;
  }

  constructor(id, name) {
    Object.assign(this, { id, name });
  }

  /** A key of the account: `name`, `scopes`, `webhook_id`, `expires_at`. */
  makeKey = async (fields) => (await platform().post(`/v1/accounts/${this.id}/keys`, { name: 'key', ...fields })).key;

  /** A console link: `key`, `url`, and what lists show. */
  makeLink = (fields = {}) => platform().post(`/v1/accounts/${this.id}/console-links`, fields);

  makeWebhook = (fields) => this.api.post('/v1/webhooks', { name: 'Receiver', ...fields });

  /** Submits a report of a call for a webhook, and returns its id. */
  async report(webhookId, fields = {}) {
    const end = Date.now() - 5_000;
    const call = {
      id: `call-${unique()}`, source: 'OBD', bridge: 918068280000, from: 918919520000, to: 918867130000, flow_id: 123, mid: '1234-1333-7',
      start_at: new Date(end - 23_000).toISOString(), end_at: new Date(end).toISOString(), duration: '23', status: 'ANSWER',
    };
    const { id } = await this.api.post('/v1/reports', { ...call, ...(webhookId ? { webhook_id: webhookId } : {}), ...fields });
    return id;
  }
}

let receiver = null;

/** The receiver of this process. */
export const sharedReceiver = () => (receiver ??= startReceiver());

export const closeReceiver = async () => (await receiver)?.close();
