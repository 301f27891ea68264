import assert from 'node:assert/strict';
import { test } from 'node:test';
import { canBeResent, identitiesOf, readingOf, resendAll, textOf } from './report.js';

test('a member is shown as text if it is a text, a number or a truth value', () => {
  assert.equal(textOf({ duration: 12 }, 'duration'), '12');
  assert.equal(textOf({ bridge: { rawJSON: '91891952000112345678' } }, 'bridge'), '91891952000112345678');
  for (const value of ['', null, undefined, {}, []]) assert.equal(textOf({ mid: value }, 'mid'), undefined);
});

test('a report offers the identities that it has', () => {
  assert.deepEqual(identitiesOf({ bridge: '+918068280000', flow_id: 123, source: 'OBD' }),
    [['number', 'number:+918068280000'], ['flow', 'flow:123'], ['source', 'source:OBD'], ['all', 'all']]);
  assert.deepEqual(identitiesOf({}), [['all', 'all']]);
});

test('what failed or was skipped can be sent again, unless its webhook was deleted', () => {
  const can = [['failed'], ['skipped', 'webhook_inactive'], ['skipped', 'webhook_deleted'], ['retrying'], ['delivered']].map(([status, reason]) => canBeResent({ status, reason }));
  assert.deepEqual(can, [true, true, false, false, false]);
});

test('failed deliveries are sent again one after the other, also after one that is refused', async () => {
  const deliveries = [{ id: 'a', status: 'failed' }, { id: 'b', status: 'delivered' }, { id: 'c', status: 'failed' }].filter(canBeResent);
  const sent = [];
  const { accepted, refused } = await resendAll(deliveries, async ({ id }) => {
    sent.push(id);
    if (id === 'a') throw new Error('refused');
  });
  assert.deepEqual([sent, accepted, refused.map(({ delivery }) => delivery.id)], [['a', 'c'], 1, ['a']]);
});

test('the text of a report keeps what a browser would change', (context) => {
  const { rawJSON } = JSON;
  JSON.rawJSON = undefined;
  context.after(() => {
    JSON.rawJSON = rawJSON;
  });
  const report = '{"to":91891952000112345678,"2":1.0,"1":"x"}';
  const { id, text } = readingOf(`{"id":"a","report":${report},"deliveries":[]}`);
  assert.deepEqual([id, text], ['a', report]);
});
