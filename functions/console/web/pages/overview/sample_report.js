// The sample report that the guide submits, and the wait for it.
import { plainTime } from '../../lib/times.js';

/** The documented report of an outbound campaign. It has no id and no times, so each run of a `curl` line submits a new report. */
export const SAMPLE = { source: 'OBD', bridge: 918068280000, from: 918919520000, to: 918867130000, status: 'ANSWER', duration: '16' };

/** The sample as the report of a call that just ended, for one webhook. `now` is in milliseconds; its times are in `zone`. */
export function sampleOf({ webhookId, callId, now, zone }) {
  return { webhook_id: webhookId, id: callId, ...SAMPLE, start_at: plainTime(now - 16_000, zone), end_at: plainTime(now, zone) };
}

/** A new call id: 16 random bytes in hexadecimal. `crypto.randomUUID` is missing on pages without TLS. */
export const newCallId = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');

/** Calls `isThere` until it returns `true`, at most `tries` times, with `pause` in between. An error counts as `false`. */
export async function waitFor(isThere, { tries, pause }) {
  for (let left = tries; left > 0; left -= 1) {
    if (await isThere().catch(() => false)) return true;
    if (left > 1) await pause();
  }
  return false;
}
