// Watches a page for failures: errors, violations of the policy, foreign requests, failed requests.

const matches = (pattern, text) => (typeof pattern === 'string' ? text.includes(pattern) : pattern.test(text));

/** Collects policy violations in the page, beginning before its first script. */
function collectInPage() {
  globalThis.violations = [];
  document.addEventListener('securitypolicyviolation', (event) => {
    globalThis.violations.push(`${event.effectiveDirective} blocked ${event.blockedURI || 'inline'} at ${event.sourceFile ?? ''}:${event.lineNumber}: ${event.sample}`);
  });
}

export class Watch {
  #page;
  #origin;
  #faults = [];
  #expected = [];
  /** The sent requests: `method`, `url`. */
  requests = [];

  constructor(page, origin) {
    this.#page = page;
    this.#origin = origin;
  }

  /** Begins before the page is opened. */
  async begin() {
    const page = this.#page;
    await page.evaluateOnNewDocument(collectInPage);
    page.on('console', (message) => this.#hear(message));
    page.on('pageerror', (error) => this.#fault(`page error: ${error.stack ?? error.message}`));
    page.on('dialog', (dialog) => {
      this.#fault(`dialog: ${dialog.message()}`);
      dialog.dismiss().catch(() => {});
    });
    page.on('popup', (popup) => this.#fault(`window opened: ${popup.url()}`));
    page.on('request', (request) => this.#ask(request));
    page.on('requestfailed', (request) => this.#fail(request));
    page.on('response', (response) => {
      if (response.status() >= 400) this.#fault(`${response.request().method()} ${response.url()} was answered ${response.status()}`);
    });
  }

  /** Announces a failure: a part or a pattern of its message, such as `answered 403`. */
  expect(...patterns) {
    this.#expected.push(...patterns);
  }

  #hear(message) {
    const text = message.text();
    // The watch records these as failed requests, with their URLs.
    if (text.startsWith('Failed to load resource')) return;
    if (message.type() === 'error' || /Content.Security.Policy/i.test(text)) this.#fault(`console ${message.type()}: ${text}`);
  }

  #ask(request) {
    // The fragment is not sent, though puppeteer shows it.
    const url = request.url().split('#')[0];
    this.requests.push({ method: request.method(), url });
    if (!/^(data|blob|about):/.test(url) && new URL(url).origin !== this.#origin) this.#fault(`foreign request: ${request.method()} ${url}`);
  }

  #fail(request) {
    const reason = request.failure()?.errorText ?? 'failed';
    // The console aborts requests that it no longer needs.
    if (reason === 'net::ERR_ABORTED') return;
    this.#fault(`${request.method()} ${request.url()} failed: ${reason}`);
  }

  #fault(text) {
    this.#faults.push(text);
  }

  /** The failures that the test did not announce. */
  async faults() {
    const violations = await this.#page.evaluate(() => globalThis.violations ?? []).catch(() => []);
    const all = [...this.#faults, ...violations.map((violation) => `policy violation: ${violation}`)];
    return all.filter((fault) => !this.#expected.some((pattern) => matches(pattern, fault)));
  }
}
