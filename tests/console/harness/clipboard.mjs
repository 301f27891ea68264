// The clipboard: the windows of a browser share one, and the tests run in several processes.
import { mkdir, rmdir, stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { pause } from '../api.mjs';

const LOCK = fileURLToPath(new URL('../../../target/console-clipboard.lock/', import.meta.url));
/** A test that was killed leaves its lock behind. */
const STALE_MS = 15_000;

/** Runs `action` while no other test uses the clipboard. */
export async function withClipboard(action) {
  await mkdir(new URL('../../../target/', import.meta.url), { recursive: true });
  while (!(await locks())) await pause(20);
  try {
    return await action();
  } finally {
    await rmdir(LOCK).catch(() => {});
  }
}

/** Creates the lock; `false` while another test has it. */
async function locks() {
  try {
    await mkdir(LOCK);
    return true;
  } catch {
    const { mtimeMs } = await stat(LOCK).catch(() => ({ mtimeMs: Date.now() }));
    if (Date.now() - mtimeMs > STALE_MS) await rmdir(LOCK).catch(() => {});
    return false;
  }
}
