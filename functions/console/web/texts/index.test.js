import assert from 'node:assert/strict';
import { test } from 'node:test';
import { t } from './index.js';

test('a name without a text is shown by its last part', () => {
  assert.equal(t('status.teleported'), 'teleported');
  assert.equal(t('nowhere.at.all', { count: 2 }), 'all');
  assert.equal(t('status'), 'status');
});
