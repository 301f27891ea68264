// A person at the browser: finds things by their role and name, clicks, types and reads. Each step has a deadline, and its error
// names the target and the content of the page.
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { pause } from '../api.mjs';
import { withClipboard } from './clipboard.mjs';
import { describe, find } from './in_page.mjs';
import { Watch } from './watch.mjs';

const FAILURES = fileURLToPath(new URL('../../../target/console-failures/', import.meta.url));
/** Seconds that a step may take. `CONSOLE_DEADLINE` gives a busy machine more. */
const DEADLINE_S = Number(process.env.CONSOLE_DEADLINE ?? 10);

const portable = (wanted) => (wanted instanceof RegExp ? { source: wanted.source, flags: wanted.flags } : wanted);
const step = (target) => ({ ...target, name: portable(target.name), text: portable(target.text), within: undefined });
const pathOf = (target) => [...(target.within ? pathOf(target.within) : []), step(target)];
const shown = (wanted) => (wanted === undefined ? '' : ` ${wanted instanceof RegExp ? wanted : JSON.stringify(wanted)}`);
const nameOf = (target) => `${target.kind ?? target.role ?? target.css ?? 'element'}${shown(target.name)}${target.text ? ` with${shown(target.text)}` : ''}${target.within ? ` in ${nameOf(target.within)}` : ''}`;

/** Targets, for `Person`'s steps. `name` is the accessible name, a text or a pattern. */
export const button = (name, within) => ({ role: 'button', name, within });
export const link = (name, within) => ({ role: 'link', name, within });
export const field = (name, within) => ({ kind: 'field', role: ['textbox', 'searchbox', 'combobox', 'spinbutton', 'checkbox', 'radio', 'DateTime', 'Date', 'InputTime'], css: 'input, textarea, select, [contenteditable]', name, within });
export const heading = (name, within) => ({ role: 'heading', name, within });
export const dialog = (name) => ({ kind: 'dialog', role: ['dialog', 'alertdialog'], css: 'dialog', name });
export const row = (text, within) => ({ role: 'row', text, within });
export const element = (css, within, text) => ({ css, within, text });

export class Person {
  /** Opens a separate window. `theme` is `light` or `dark`, `language` is a stored choice. */
  static async arrive(browser, consoleUrl, { width = 1280, height = 900, theme = 'light', language, clipboard = true } = {}) {
    const context = await browser.createBrowserContext();
    if (clipboard) await context.overridePermissions(new URL(consoleUrl).origin, ['clipboard-read', 'clipboard-write', 'clipboard-sanitized-write']);
    const page = await context.newPage();
    await page.setViewport({ width, height });
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: theme }, { name: 'prefers-reduced-motion', value: 'reduce' }]);
    if (language) await page.evaluateOnNewDocument((language) => localStorage.setItem('callhook.language', language), language);
    const watch = new Watch(page, new URL(consoleUrl).origin);
    await watch.begin();
    return new Person({ context, page, watch, consoleUrl });
  }

  constructor({ context, page, watch, consoleUrl }) {
    Object.assign(this, { context, page, watch, consoleUrl });
  }

  /** Announces failures that the test causes: parts or patterns of the watch's messages. */
  expects(...patterns) {
    this.watch.expect(...patterns);
  }

  /** Opens an address, as a bookmark does: `/webhooks?name=x`. */
  async opens(place = '/') {
    await this.page.goto(`${this.consoleUrl}#${place}`, { waitUntil: 'domcontentloaded' });
  }

  /** Signs in with a link, and opens a place. */
  async signsIn(key, place = '/') {
    await this.page.goto(`${this.consoleUrl}#key=${key}`, { waitUntil: 'domcontentloaded' });
    await this.finds(button('Sign out'));
    if (place !== '/') await this.opens(place);
  }

  /** Signs in with a link, in any language. */
  async comesIn(key) {
    await this.page.goto(`${this.consoleUrl}#key=${key}`, { waitUntil: 'domcontentloaded' });
    await this.settles();
  }

  async reloads() {
    await this.page.reload({ waitUntil: 'domcontentloaded' });
  }

  async goesBack() {
    await this.page.evaluate(() => history.back());
  }

  /** The place of the address: path and query of the fragment. */
  place = () => this.page.evaluate(() => decodeURIComponent(location.hash.slice(1)));

  /** Waits until the address has a place: a text or a pattern. */
  async isAt(place) {
    await this.#until(`the address ${shown(place).trim()}`, async () => {
      const found = await this.place();
      return typeof place === 'string' ? found === place : place.test(found);
    });
  }

  /** Waits until a target is there. */
  async finds(target, { seconds } = {}) {
    await this.#until(nameOf(target), async () => !(await this.#find(target)).problem, seconds);
  }

  /** Whether a target is there now. */
  has = async (target) => !(await this.#find(target)).problem;

  /** How many of a target there are now. */
  count = async (target) => (await this.#find(target)).count;

  /** Waits until a target is gone. */
  async misses(target, { seconds } = {}) {
    await this.#until(`no ${nameOf(target)}`, async () => Boolean((await this.#find(target)).problem), seconds);
  }

  /** Clicks with the mouse. */
  async clicks(target, { seconds, index = target.index } = {}) {
    let spot;
    let before;
    await this.#until(() => `${nameOf(target)} to click${spot?.problem ? `, which ${spot.problem}` : ''}`, async () => {
      spot = await this.#find(target, { toClick: true, index });
      // An element that still moves is not clicked yet.
      const rests = !spot.problem && before && before.x === spot.x && before.y === spot.y;
      before = spot;
      if (!rests) return false;
      await this.page.mouse.click(spot.x, spot.y);
      // If the click left the page, it hit its target.
      return this.page.evaluate(() => globalThis.wasHit !== false).catch(() => true);
    }, seconds);
  }

  /** Empties a field and types into it. */
  async types(target, text, { seconds } = {}) {
    await this.clicks(target, { seconds });
    await this.#selectAll();
    if (!text) await this.page.keyboard.press('Backspace');
    else if (text.length > 60) await this.page.keyboard.sendCharacter(text);
    else await this.page.keyboard.type(text);
  }

  /** Replaces what a field holds with the clipboard's text. */
  async pastes(target, text) {
    await this.clicks(target);
    await this.#selectAll();
    await withClipboard(async () => {
      await this.page.evaluate((text) => navigator.clipboard.writeText(text), text);
      await this.page.keyboard.down('Control');
      await this.page.keyboard.press('v', { commands: ['paste'] });
      await this.page.keyboard.up('Control');
    });
  }

  /** Clicks a copy button and returns the copied text. */
  copies = (target) => withClipboard(async () => {
    await this.page.evaluate(() => navigator.clipboard.writeText(''));
    await this.clicks(target);
    let copied = '';
    await this.#until(`${nameOf(target)} to copy`, async () => {
      copied = await this.page.evaluate(() => navigator.clipboard.readText());
      return copied;
    });
    return copied;
  });

  async #selectAll() {
    await this.page.keyboard.down('Control');
    await this.page.keyboard.press('a', { commands: ['selectAll'] });
    await this.page.keyboard.up('Control');
  }

  presses = (key) => this.page.keyboard.press(key);

  /** Chooses an option of a select field by its text. */
  async chooses(target, option) {
    await this.#until(`option ${JSON.stringify(option)} of ${nameOf(target)}`, async () => {
      const handle = await this.#handle(target);
      return handle.evaluate((select, option) => {
        const found = [...(select?.options ?? [])].find(({ text, value }) => text.trim() === option || value === option);
        if (!found) return false;
        select.focus();
        select.value = found.value;
        select.dispatchEvent(new Event('input', { bubbles: true }));
        select.dispatchEvent(new Event('change', { bubbles: true }));
        return true;
      }, option);
    });
  }

  /** The value of a field. */
  async valueOf(target) {
    await this.finds(target);
    const handle = await this.#handle(target);
    return handle.evaluate((element) => (element.type === 'checkbox' ? element.checked : element.value ?? element.innerText));
  }

  /** Waits until the page, or a target in it, shows a text or a pattern. */
  async sees(wanted, { within, seconds } = {}) {
    await this.#until(`the text ${shown(wanted).trim()}${within ? ` in ${nameOf(within)}` : ''}`, async () => {
      const text = await this.textOf(within);
      return typeof wanted === 'string' ? text.includes(wanted.replace(/\s+/g, ' ')) : wanted.test(text);
    }, seconds);
  }

  /** Waits until the page shows a text no longer. */
  async seesNo(unwanted, { within, seconds } = {}) {
    await this.#until(`no text ${shown(unwanted).trim()}`, async () => {
      const text = await this.textOf(within);
      return !(typeof unwanted === 'string' ? text.includes(unwanted) : unwanted.test(text));
    }, seconds);
  }

  /** The shown text, white space as single spaces. Empty if the target is not there. */
  async textOf(target) {
    if (!target) return this.page.evaluate(() => document.body.innerText.replace(/\s+/g, ' '));
    const handle = await this.#handle(target);
    return handle.evaluate((element) => (element ? element.innerText.replace(/\s+/g, ' ') : ''));
  }

  /** Waits until the page has loaded its data. */
  async settles({ seconds = 15 } = {}) {
    let quiet = 0;
    await this.#until('a page that has loaded', async () => {
      const loads = await this.page.evaluate(() => !document.querySelector('main, .sign-in') || Boolean(document.querySelector('.skeleton, table[aria-busy=true]')));
      quiet = loads ? 0 : quiet + 1;
      return quiet > 3;
    }, seconds);
  }

  /** The addresses of the page's tabs. */
  tabs = () => this.page.evaluate(() => [...document.querySelectorAll('nav.tabs a')].map((tab) => decodeURIComponent(tab.getAttribute('href').slice(1))));

  #find = (target, options = {}) => this.page.evaluate(find, pathOf(target), options).catch(passing);

  #handle = (target) => this.page.evaluateHandle(find, pathOf(target), { wantsElement: true });

  async #until(what, isSo, seconds = DEADLINE_S) {
    const end = Date.now() + seconds * 1000;
    for (;;) {
      let failure = null;
      const found = await Promise.resolve().then(isSo).catch((error) => {
        failure = error;
        return passing(error) && false;
      });
      if (found) return;
      if (Date.now() > end) throw await this.#lost(typeof what === 'function' ? what() : what, seconds, failure);
      await pause(40);
    }
  }

  async #lost(what, seconds, failure) {
    const { address, parts = [], text } = await this.page.evaluate(describe).catch(() => ({}));
    const faults = await this.watch.faults();
    return new Error([
      `looked for ${what} for ${seconds} s in vain`, failure && `  last: ${failure.message}`, `  at ${address}`, `  the page shows: ${text}`, '  with', ...parts.map((part) => `    ${part}`),
      ...(faults.length ? ['  and noted', ...faults.map((fault) => `    ${fault}`)] : []),
    ].filter(Boolean).join('\n'));
  }

  /** Throws if an unexpected failure happened. */
  async leaves() {
    const faults = await this.watch.faults();
    if (faults.length) throw new Error(`the page did what it must not:\n  ${faults.join('\n  ')}`);
  }

  /** Saves a screenshot and the HTML of a failure. */
  async keepsEvidence(name) {
    const file = path.join(FAILURES, name.replace(/[^\w]+/g, '-').slice(0, 80));
    await mkdir(FAILURES, { recursive: true });
    await this.page.screenshot({ path: `${file}.png` }).catch(() => {});
    await writeFile(`${file}.html`, await this.page.content().catch((error) => String(error)));
    return `${file}.png`;
  }

  close = () => this.context.close().catch(() => {});
}

/** Treats the error of a page that is reloading as a missing element, so that the step tries again. */
function passing(error) {
  if (/context was destroyed|Cannot find context|detached/i.test(error.message)) return { count: 0, problem: 'is being loaded' };
  throw error;
}
