import { html } from '../../lib/html.js';
import { t } from '../../texts/index.js';
import { call } from '../../api/client.js';
import { Button, ButtonLink } from '../../components/button.js';
import { ErrorNote, Note } from '../../components/note.js';
import { Status } from '../../components/status.js';
import { fastClock, useClock } from '../../lib/clock.js';
import { shortId } from '../../lib/ids.js';
import { shortTime } from '../../lib/times.js';
import { useAction } from '../../state/resource.js';
import { linkTo } from '../../state/router.js';
import { can, zone } from '../../state/session.js';
import { sayDone } from '../../state/toasts.js';
import { isWaiting } from '../deliveries/use_webhooks.js';
import { placeLink } from '../delivery/place_link.js';
import { wordsOf } from '../delivery/words.js';
import { canBeResent } from './report.js';

/** A note for each undelivered delivery of a report, with the reason, advice, and buttons. */
export function DeliveryNotes({ deliveries, names, webhooks, reload }) {
  const open = deliveries.filter(({ status }) => status !== 'delivered');
  return open.length > 0 && html`
    <div class="delivery-notes">
      ${open.map((row) => html`<${DeliveryNote} key=${row.id} row=${row} name=${names.get(row.webhook_id) ?? shortId(row.webhook_id)} webhook=${webhooks.get(row.webhook_id)} reload=${reload} />`)}
    </div>`;
}

const kinds = { failed: 'failed-note', retrying: 'warning', pending: 'warning' };

function DeliveryNote({ row, name, webhook, reload }) {
  const now = useClock(isWaiting(row) ? fastClock : null);
  const { busy, error, run } = useAction();
  const delivery = { ...row, attempts: row.last_attempt ? [row.last_attempt] : [] };
  const words = wordsOf(delivery, { webhook, name, now, timeOf: (at) => shortTime(at, zone(), now), isDeleted: row.reason === 'webhook_deleted' });
  if (!words) return null;
  const send = () => run(async () => {
    await call('resendDelivery', { params: { id: row.id } });
    sayDone(t('report.resent', { count: 1 }));
    reload();
  });
  const isAlone = canBeResent(row) && can('deliveries:write');
  const action = html`
    <span class="buttons">
      ${words.place && can('webhooks:read') && placeLink(words.place, row.webhook_id)}
      ${isAlone && html`<${Button} kind="small" icon="play" busy=${busy} onClick=${send}>${t('report.resend')}<//>`}
      <${ButtonLink} kind="small" href=${linkTo(`/deliveries/${row.id}`)}>${t('report.openDelivery')}<//>
    </span>`;
  return html`
    <${Note} kind=${kinds[row.status] ?? ''} action=${action}>
      <p class="note-title"><strong class="anywhere">${name}</strong> <${Status} value=${row.status} next=${row.next_attempt_at} health=${webhook?.health} /></p>
      ${words.reason && html`<p><strong>${words.reason}</strong></p>`}
      <p>${[words.step, words.then, words.lead].filter(Boolean).join(' ')}</p>
      <${ErrorNote} error=${error} />
    <//>`;
}
