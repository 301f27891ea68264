import assert from 'node:assert/strict';
import { test } from 'node:test';
import { beginOf, deferredAt, isAccepted, retryAfterOf, timelineOf } from './timeline.js';

const attempt = (number, sent, ended, more = {}) => ({
  at: `2026-11-29T${ended}Z`, number, trigger: 'automatic', status_code: 500, latency_ms: 1000, sent_at: `2026-11-29T${sent}Z`, ended_at: `2026-11-29T${ended}Z`, ...more,
});
const webhook = { updated_at: '2026-11-01T00:00:00Z', retry: { schedule: [5, 300, 1800] }, success_codes: [200, 202] };
const delivery = (attempts, more = {}) => ({
  status: 'failed', received_at: '2026-11-29T12:00:00Z', updated_at: attempts.at(-1)?.at ?? '2026-11-29T12:00:00Z', attempts, ...more,
});
const kinds = (items) => items.map(({ kind }) => kind);
const waits = (items) => items.filter(({ kind }) => kind === 'wait');

test('attempts and waits follow each other', () => {
  const items = timelineOf(delivery([attempt(1, '12:00:01', '12:00:02'), attempt(2, '12:00:07', '12:00:08', { latency_ms: 250 })]), webhook);
  assert.deepEqual(kinds(items), ['received', 'wait', 'attempt', 'wait', 'attempt', 'end']);
  assert.deepEqual(waits(items).map(({ milliseconds }) => milliseconds), [1000, 5000]);
  assert.deepEqual(items.filter(({ kind }) => kind === 'attempt').map(({ share }) => share), [1, 0.25]);
  assert.equal(waits(items)[1].reason, null);
});

test('an attempt without evidence begins its latency before it ended', () => {
  assert.equal(beginOf({ at: '2026-11-29T12:00:02Z', latency_ms: 500 }), '2026-11-29T12:00:01.500Z');
});

const reasonAfter = (first, second, of = webhook) => waits(timelineOf(delivery([first, second]), of)).at(-1).reason;

test('a wait much longer than the schedule was deferred', () => {
  const first = attempt(1, '12:00:01', '12:00:02');
  assert.deepEqual(reasonAfter(first, attempt(2, '12:05:02', '12:05:03')), { kind: 'deferred', milliseconds: 5000 });
  assert.equal(reasonAfter(first, attempt(2, '12:00:30', '12:00:31')), null, 'little is not worth a word');
});

test('nothing is said of a wait whose schedule is not known', () => {
  const [first, second] = [attempt(1, '12:00:01', '12:00:02'), attempt(2, '12:05:02', '12:05:03')];
  assert.equal(reasonAfter(first, second, null), null);
  assert.equal(reasonAfter(first, second, { ...webhook, updated_at: '2026-11-29T12:01:00Z' }), null, 'the settings changed since');
  assert.equal(reasonAfter(first, attempt(1, '12:05:02', '12:05:03', { trigger: 'manual' })), null, 'a resend follows no schedule');
});

test('a wait that the receiver asked for is no deferral', () => {
  const asks = (seconds) => attempt(1, '12:00:01', '12:00:02', { status_code: 503, response_headers: { 'retry-after': seconds } });
  const later = attempt(2, '12:02:10', '12:02:11');
  assert.deepEqual(reasonAfter(asks('120'), later), { kind: 'retryAfter', milliseconds: 120_000 });
  assert.deepEqual(reasonAfter(asks('Sun, 29 Nov 2026 12:02:02 GMT'), later), { kind: 'retryAfter', milliseconds: 120_000 });
  assert.deepEqual(reasonAfter(asks('5'), later), { kind: 'deferred', milliseconds: 5000 });
  assert.deepEqual(reasonAfter(asks('20'), later), { kind: 'deferred', milliseconds: 20_000 }, 'it waited for longer than that');
  assert.equal(retryAfterOf(attempt(1, '12:00:01', '12:00:02', { response_headers: { 'retry-after': '120' } })), undefined, '500 is not heeded');
});

test('what waits has a next attempt, and shows when it was put back', () => {
  const first = attempt(1, '12:00:01', '12:00:02');
  const waiting = { status: 'retrying', next_attempt_at: '2026-11-29T12:00:07Z' };
  assert.deepEqual(timelineOf(delivery([first], waiting), webhook).at(-1), { kind: 'next', at: '2026-11-29T12:00:07Z', deferredAt: undefined });
  const deferred = delivery([first], { ...waiting, updated_at: '2026-11-29T12:00:09Z' });
  assert.equal(deferredAt(deferred), '2026-11-29T12:00:09Z');
  assert.equal(deferredAt({ ...deferred, status: 'failed' }), undefined);
});

test('a skipped delivery ends without an attempt, a delivered one with it', () => {
  assert.deepEqual(kinds(timelineOf(delivery([], { status: 'skipped' }), webhook)), ['received', 'end']);
  const good = attempt(1, '12:00:01', '12:00:02', { status_code: 200 });
  assert.deepEqual(kinds(timelineOf(delivery([good], { status: 'delivered' }), webhook)), ['received', 'wait', 'attempt']);
});

test('only a delivered delivery has an accepted attempt', () => {
  const [bad, good] = [attempt(1, '12:00:01', '12:00:02'), attempt(2, '12:00:07', '12:00:08', { status_code: 200 })];
  const done = delivery([bad, good], { status: 'delivered' });
  assert.deepEqual([isAccepted(bad, done, webhook), isAccepted(good, done, webhook)], [false, true]);
  assert.equal(isAccepted(good, { ...done, status: 'failed' }, webhook), false);
  assert.equal(isAccepted(good, done, { ...webhook, success_codes: [204] }), true, 'the codes changed since');
});

test('forty attempts may not be all', () => {
  const items = timelineOf(delivery(Array.from({ length: 40 }, (_, index) => attempt(index + 2, '12:00:01', '12:00:02'))), webhook);
  assert.deepEqual(kinds(items).slice(0, 3), ['received', 'earlier', 'attempt']);
});
