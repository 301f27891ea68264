import { html } from '../../lib/html.js';
import { t } from '../../texts/index.js';
import { call } from '../../api/client.js';
import { Confirm } from '../../components/dialog.js';
import { sayDone } from '../../state/toasts.js';

/** Asks before a replay is cancelled, and says how many deliveries are done and how many will still be sent. */
export function CancelReplay({ replay, name, reload, onClose }) {
  const cancel = async () => {
    try {
      await call('cancelReplay', { params: { id: replay.webhook_id, replay_id: replay.id } });
    } finally {
      reload();
    }
    sayDone(t('replays.cancelled'));
    onClose();
  };
  return html`
    <${Confirm} title=${t('replays.cancelTitle', { name })} action=${t('replays.cancel')} cancel=${t('replays.keep')} onConfirm=${cancel} onClose=${onClose}>
      <p>${t(replay.total === null ? 'replays.cancelTextCounting' : 'replays.cancelText', replay)}</p>
    <//>`;
}
