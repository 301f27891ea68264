import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';
import { ApiError } from '../api/errors.js';
import { IDLE_MS, isAttended } from './attention.js';
import { polling, waitAfter } from './polling.js';

const listeners = new Map();
const listen = (name, follow) => listeners.set(name, follow);
const happens = (type) => listeners.get(type)({ type });

globalThis.window = { addEventListener: listen };
globalThis.document = { visibilityState: 'visible', addEventListener: listen };

let reads;
let isBusy;
let poll;

/** Advances the time and runs timers. */
const tick = (milliseconds) => mock.timers.tick(milliseconds);

function begin() {
  poll = polling({ every: 10_000, read: () => { reads += 1; }, isBusy: () => isBusy });
}

beforeEach(() => {
  mock.timers.enable({ apis: ['setTimeout', 'Date'], now: Date.now() });
  reads = 0;
  isBusy = false;
  document.visibilityState = 'visible';
  begin();
  happens('visibilitychange');
});

afterEach(() => {
  poll.stop();
  mock.timers.reset();
});

test('an error doubles the wait up to two minutes, and Retry-After is kept', () => {
  assert.equal(waitAfter(10_000, null, 0), 10_000);
  assert.equal(waitAfter(10_000, new ApiError('offline'), 1), 20_000);
  assert.equal(waitAfter(10_000, new ApiError('problem', { status: 503 }), 3), 80_000);
  assert.equal(waitAfter(10_000, new ApiError('timeout'), 9), 120_000);
  assert.equal(waitAfter(300_000, new ApiError('timeout'), 2), 300_000);
  assert.equal(waitAfter(10_000, new ApiError('throttled', { status: 429, retryAfter: 45 }), 1), 45_000);
  assert.equal(waitAfter(10_000, new ApiError('throttled', { status: 429, retryAfter: 300 }), 9), 300_000);
});

test('an invalid request, a deleted subject and a refused key end polling', () => {
  for (const status of [400, 403, 404]) assert.equal(waitAfter(10_000, new ApiError('problem', { status }), 1), null);
  assert.equal(waitAfter(10_000, new ApiError('key'), 1), null);
  poll.answered(new ApiError('not-found', { status: 404 }));
  tick(600_000);
  assert.equal(reads, 0);
  poll.answered(null);
  tick(10_000);
  assert.equal(reads, 1, 'polling continues after a manual reload that succeeds');
});

test('the next wait begins when the answer is there', () => {
  tick(10_000);
  assert.equal(reads, 1);
  tick(60_000);
  assert.equal(reads, 1, 'nothing is read while the answer is waited for');
  poll.answered(null);
  tick(9_999);
  assert.equal(reads, 1);
  tick(1);
  assert.equal(reads, 2);
});

test('a turn is skipped while another request is open', () => {
  isBusy = true;
  tick(10_000);
  assert.equal(reads, 0);
  isBusy = false;
  poll.answered(null);
  tick(10_000);
  assert.equal(reads, 1);
});

test('a hidden tab reads nothing, and reads when it is shown again after a reading was due', () => {
  document.visibilityState = 'hidden';
  tick(60_000);
  assert.equal(reads, 0);
  document.visibilityState = 'visible';
  happens('visibilitychange');
  assert.equal(reads, 1);
  poll.answered(null);
  document.visibilityState = 'hidden';
  tick(4_000);
  document.visibilityState = 'visible';
  happens('visibilitychange');
  assert.equal(reads, 1, 'it was hidden for less than the interval');
  tick(6_000);
  assert.equal(reads, 2);
});

test('polling pauses without input, and continues with the next', () => {
  tick(IDLE_MS - 1);
  assert.ok(isAttended());
  reads = 0;
  poll.answered(null);
  tick(60_000);
  assert.ok(!isAttended());
  assert.equal(reads, 0);
  happens('pointermove');
  assert.equal(reads, 1);
});

test('nothing is read once it is stopped', () => {
  poll.stop();
  tick(60_000);
  happens('visibilitychange');
  assert.equal(reads, 0);
});
