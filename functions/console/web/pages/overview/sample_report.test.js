import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newCallId, sampleOf, waitFor } from './sample_report.js';

test('the sample is a call that just ended, on the clock of the account', () => {
  const report = sampleOf({ webhookId: 'w', callId: 'c', now: Date.parse('2026-11-29T12:00:00Z'), zone: 'Asia/Kolkata' });
  assert.equal(report.webhook_id, 'w');
  assert.equal(report.id, 'c');
  assert.deepEqual([report.start_at, report.end_at, report.duration], ['2026-11-29 17:29:44', '2026-11-29 17:30:00', '16']);
});

test('call ids differ', () => {
  assert.match(newCallId(), /^[0-9a-f]{32}$/);
  assert.notEqual(newCallId(), newCallId());
});

test('waiting ends with the answer, with the last try, and with an unexpected error', async () => {
  const soon = new Error('soon');
  const wait = async (errors) => {
    let [reads, pauses] = [0, 0];
    const read = async () => {
      const error = errors[reads];
      reads += 1;
      if (error) throw error;
    };
    const pause = async () => {
      pauses += 1;
    };
    return [await waitFor(read, { tries: 3, pause, isSoon: (error) => error === soon }), reads, pauses];
  };
  assert.deepEqual(await wait([soon]), [true, 2, 1]);
  assert.deepEqual(await wait([soon, soon, soon]), [false, 3, 2]);
  await assert.rejects(wait([new Error('other')]), /other/);
});
