// Calls Callhook's API, for data that tests prepare and check outside the browser.

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** An unsuccessful response. */
export class Refused extends Error {
  constructor(method, path, status, body) {
    super(`${method} ${path} was answered ${status}: ${JSON.stringify(body)}`);
    this.status = status;
    this.body = body;
  }
}

/** A caller of the API with a key. `account` is the one that a platform key acts for. */
export class Api {
  constructor(url, key, { account } = {}) {
    this.url = url.replace(/\/$/, '');
    this.key = key;
    this.account = account;
  }

  /** The same key acting for an account. */
  actingFor(account) {
    return new Api(this.url, this.key, { account });
  }

  /** Sends a request and returns the parsed body. Waits and repeats on 429 and 503; throws `Refused` for other failures. */
  async request(method, path, body, headers = {}) {
    for (let repeated = 0; ; repeated += 1) {
      const response = await fetch(`${this.url}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${this.key}`,
          ...(this.account ? { 'x-account-id': this.account } : {}),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        body: body === undefined ? undefined : JSON.stringify(body),
      });
      const text = await response.text();
      const answer = text ? parsed(text) : null;
      if (response.ok) return answer;
      const mayPass = response.status === 429 || response.status === 503;
      if (!mayPass || repeated === 20) throw new Refused(method, path, response.status, answer);
      await pause(Math.min(Number(response.headers.get('retry-after')) || 1, 2) * 1000);
    }
  }

  get = (path) => this.request('GET', path);
  post = (path, body) => this.request('POST', path, body ?? {});
  patch = (path, body, headers) => this.request('PATCH', path, body, headers);
  delete = (path) => this.request('DELETE', path);

  /** All items of a list, page by page, at most `most`. */
  async all(path, most = 1000) {
    const items = [];
    let cursor = null;
    do {
      const url = `${path}${path.includes('?') ? '&' : '?'}limit=100${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`;
      const page = await this.get(url);
      items.push(...page.data);
      cursor = page.next_cursor;
    } while (cursor && items.length < most);
    return items;
  }
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Calls `look` until it returns a result, for `seconds` at most. `what` names the result in the error. */
export async function eventually(what, look, { seconds = 20, every = 200 } = {}) {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > end) throw new Error(`${what}: not within ${seconds} s`);
    await pause(every);
  }
}

export { pause };
