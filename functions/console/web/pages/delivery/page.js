import { html, useState } from '../../lib/html.js';
import { t } from '../../texts/index.js';
import { call, curlOf } from '../../api/client.js';
import { Button, ButtonLink, IconButton } from '../../components/button.js';
import { Empty } from '../../components/empty.js';
import { ErrorNote, Note, sentenceOf } from '../../components/note.js';
import { Page, Panel } from '../../components/page.js';
import { ShowNumbers } from '../../components/show_numbers.js';
import { Skeleton } from '../../components/skeleton.js';
import { Status } from '../../components/status.js';
import { maskOf } from '../../lib/masking.js';
import { useAction } from '../../state/resource.js';
import { linkTo } from '../../state/router.js';
import { can } from '../../state/session.js';
import { sayDone } from '../../state/toasts.js';
import { ReportText } from '../report/report_text.js';
import { RequestNow } from './preview.js';
import { Summary } from './summary.js';
import { Timeline } from './timeline_view.js';
import { useDelivery } from './use_delivery.js';

/** One delivery: its status, every attempt, and a button to resend it. */
export function Delivery({ id }) {
  const [isShown, setShown] = useState(false);
  const resource = useDelivery(id);
  const { data: delivery, error, reload, webhook, isDeleted, awaited, resent } = resource;
  const resend = useAction();
  const back = [linkTo('/deliveries', { webhook_id: id.split('.')[0] }), t('deliveries.title')];
  if (!delivery) {
    const instead = error ? html`<${Missing} id=${id} error=${error} retry=${reload} />` : html`<${Loading} />`;
    return html`<${Page} title=${t('delivery.title')} back=${back}>${instead}<//>`;
  }
  const send = () => resend.run(async () => {
    const { id: resendId } = await call('resendDelivery', { params: { id } });
    resent(resendId);
    sayDone(t('delivery.resendAccepted'));
    reload();
  });
  const mask = maskOf(delivery.report, isShown);
  const actions = html`
    <${IconButton} icon="refresh" label=${t('common.refresh')} onClick=${reload} />
    <${ShowNumbers} isShown=${isShown} onChange=${setShown} />
    ${can('deliveries:write') && !isDeleted && html`
      <${Button} kind="primary" icon="play" busy=${resend.busy || Boolean(awaited)} title=${t('delivery.resendHint')} onClick=${send}>${t('delivery.resend')}<//>`}`;
  const standing = html`<${Status} value=${delivery.status} next=${delivery.next_attempt_at} health=${webhook?.health} />`;
  return html`
    <${Page} title=${t('delivery.title')} back=${back} beside=${standing} actions=${actions}>
      ${resend.error && html`<${ResendRefused} error=${resend.error} retry=${send} delivery=${delivery} />`}
      ${error && html`<${ErrorNote} error=${error} retry=${reload} />`}
      <div class="delivery">
        <div class="stack">
          <${Panel} title=${t('delivery.timeline')}><${Timeline} delivery=${delivery} webhook=${webhook} mask=${mask} awaited=${awaited} /><//>
          ${can('webhooks:read') && !isDeleted && html`<${RequestNow} delivery=${delivery} mask=${mask} />`}
        </div>
        <${Summary} delivery=${delivery} webhook=${webhook} isDeleted=${isDeleted} />
        <${Panel} title=${t('delivery.reportAsSent')}><${ReportText} text=${delivery.text} mask=${mask} /><//>
      </div>
    <//>`;
}

/** Why a resend was refused. A 409 says that nothing would be sent. */
function ResendRefused({ error, retry, delivery }) {
  if (error.status !== 409) return html`<${ErrorNote} error=${error} retry=${retry} />`;
  const link = can('webhooks:read') && html`<${ButtonLink} kind="small" href=${linkTo(`/webhooks/${delivery.webhook_id}`)}>${t('delivery.places.webhook')}<//>`;
  return html`<${Note} kind="failed" action=${link}><p><strong>${sentenceOf(error)}</strong></p><p>${t('delivery.resendConflict')}</p><//>`;
}

const Missing = ({ id, error, retry }) => (error.kind !== 'not-found' ? html`<${ErrorNote} error=${error} retry=${retry} />` : html`
  <${Panel} flush><${Empty} title=${t('delivery.missing')} text=${sentenceOf(error)} curl=${curlOf('readDelivery', { params: { id } })}
    action=${html`<div class="buttons">
      <${Button} kind="primary" onClick=${retry}>${t('common.retry')}<//>
      ${id.includes('.') && html`<${ButtonLink} href=${linkTo(`/reports/${id.split('.')[1]}`)}>${t('delivery.openReport')}<//>`}
    </div>`} /><//>`);

const Loading = () => html`
  <div class="delivery">
    <div class="stack"><${Panel} title=${t('delivery.timeline')}><${Skeleton} lines=${8} /><//></div>
    <${Panel} title=${t('delivery.summary')}><${Skeleton} lines=${8} /><//>
  </div>`;
