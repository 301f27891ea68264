import { html } from '../../lib/html.js';
import { t } from '../../texts/index.js';
import { call } from '../../api/client.js';
import { Confirm } from '../../components/dialog.js';
import { go } from '../../state/router.js';
import { sayDone } from '../../state/toasts.js';
import { shortId } from '../../lib/ids.js';

/** Asks before a report is erased, and names what is erased with it. */
export function EraseReport({ id, deliveries, names, onClose }) {
  const erase = async () => {
    await call('eraseReport', { params: { id } });
    sayDone(t('report.erased'));
    go('/reports', {}, { replace: true });
  };
  return html`
    <${Confirm} title=${t('report.eraseTitle', { id: shortId(id) })} action=${t('report.eraseAction')} onConfirm=${erase} onClose=${onClose}>
      <p>${t('report.eraseLead')}</p>
      <ul class="bullets">
        <li>${t('report.eraseReport')} <code>${id}</code></li>
        <li>${t('report.eraseDeliveries', { count: deliveries.length })}
          ${deliveries.length > 0 && `: ${deliveries.map(({ webhook_id: of }) => names.get(of) ?? shortId(of)).join(', ')}`}</li>
        <li>${t('report.eraseCopies')}</li>
      </ul>
      <p>${t('report.eraseEnd')}</p>
    <//>`;
}
