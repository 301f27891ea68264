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

test('waiting ends with the answer or the last try, and an error is no answer', async () => {
  const wait = async (answers) => {
    let [asked, pauses] = [0, 0];
    const isThere = async () => {
      const answer = answers[asked];
      asked += 1;
      if (answer instanceof Error) throw answer;
      return answer;
    };
    const pause = async () => {
      pauses += 1;
    };
    return [await waitFor(isThere, { tries: 3, pause }), asked, pauses];
  };
  assert.deepEqual(await wait([false, true]), [true, 2, 1]);
  assert.deepEqual(await wait([false, false, false]), [false, 3, 2]);
  assert.deepEqual(await wait([new Error('offline'), true]), [true, 2, 1]);
});
