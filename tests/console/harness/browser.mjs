// The browser: one for all tests, headless.
import { existsSync } from 'node:fs';
import puppeteer from 'puppeteer-core';
import { fontEnvironment } from './fonts.mjs';

const systemBrowsers = [
  '/usr/bin/google-chrome', '/usr/bin/google-chrome-stable', '/usr/bin/chromium', '/usr/bin/chromium-browser', '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome', '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

const flags = [
  // Containers lack the rights that Chrome's sandbox needs, and /dev/shm may be small there.
  '--no-sandbox', '--disable-dev-shm-usage',
  // The same pixels everywhere.
  '--font-render-hinting=none', '--force-color-profile=srgb', '--hide-scrollbars', '--disable-lcd-text',
  // `element.computedName` and `computedRole`: the names for a screen reader.
  '--enable-blink-features=ComputedAccessibilityInfo',
  // Without a system locale, Chrome names its language `en-US@posix`, which is invalid.
  '--lang=en-US',
  '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync',
  '--disable-features=Translate,OptimizationHints,MediaRouter,AudioServiceOutOfProcess',
];

/** Path of the browser: `CHROME`, else the one of the npm package on Linux x86_64, else one of the system. */
async function executable() {
  if (process.env.CHROME) return process.env.CHROME;
  if (process.platform === 'linux' && process.arch === 'x64') {
    const { default: chromium } = await import('@sparticuz/chromium');
    return chromium.executablePath();
  }
  const found = systemBrowsers.find((path) => existsSync(path));
  if (!found) throw new Error('no Chrome or Chromium found: install one, or name it with CHROME=<path>');
  return found;
}

/** Starts the browser. */
export async function launch() {
  return puppeteer.launch({ executablePath: await executable(), args: flags, headless: 'shell', protocolTimeout: 60_000, env: { ...process.env, ...(await fontEnvironment()), TZ: 'UTC', LANG: 'en_US.UTF-8', LANGUAGE: 'en_US' } });
}

let shared = null;

/** The browser that `run.mjs` started, else one of this process. Returns `{ browser, release }`. */
export async function sharedBrowser() {
  const endpoint = process.env.CONSOLE_BROWSER;
  shared ??= endpoint ? puppeteer.connect({ browserWSEndpoint: endpoint, defaultViewport: null, protocolTimeout: 60_000 }) : launch();
  const browser = await shared;
  return { browser, release: () => (endpoint ? browser.disconnect() : browser.close()) };
}
