import { html } from '../../lib/html.js';
import { t } from '../../texts/index.js';
import { call } from '../../api/client.js';
import { Confirm } from '../../components/dialog.js';
import { localTime } from '../../lib/ranges.js';
import { useResource } from '../../state/resource.js';
import { go } from '../../state/router.js';
import { zone } from '../../state/session.js';
import { sayDone } from '../../state/toasts.js';
import { countOf } from './replay.js';

/** The statuses in the lists of deliveries that each kind of replay sends again. */
const STATUSES = { failed: ['failed', 'skipped'], all: ['failed', 'skipped', 'delivered'] };

/** Asks before a replay, and says how many deliveries it sends, as far as the first pages of their lists show it. */
export function ConfirmReplay({ webhook, from, to, deliveries, onClose }) {
  const { id, name } = webhook;
  const { data: count, error } = useResource(async (signal) => {
    const page = (status) => call('listDeliveries', { params: { id }, query: { status, from, to, limit: 50 }, signal });
    return countOf(await Promise.all(STATUSES[deliveries].map(page)));
  }, [id, from, to, deliveries]);
  const shown = (time) => localTime(time, zone()).replace('T', ' ');
  const start = async () => {
    const replay = await call('createReplay', { params: { id }, body: { from, to, deliveries } });
    sayDone(t('replays.started'));
    go(`/webhooks/${id}/replays/${replay.id}`);
  };
  return html`
    <${Confirm} title=${t('replays.confirmTitle', { name })} action=${t('replays.confirmAction')} kind="primary" onConfirm=${start} onClose=${onClose}>
      <p class="anywhere">${t('replays.confirmText', { name, from: shown(from), to: shown(to), zone: zone() })}</p>
      <p role="status"><strong>${countText(count, error)}</strong></p>
      ${deliveries === 'all' && html`<p>${t('replays.confirmAll')}</p>`}
    <//>`;
}

function countText(count, error) {
  if (!count) return t(error ? 'replays.confirmUnknown' : 'replays.confirmCounting');
  if (count.isMore) return t('replays.confirmMore', count);
  return count.count ? t('replays.confirmCount', count) : t('replays.confirmNone');
}
