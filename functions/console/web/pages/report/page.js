import { html, useEffect, useState } from '../../lib/html.js';
import { t } from '../../texts/index.js';
import { call } from '../../api/client.js';
import { Button, IconButton } from '../../components/button.js';
import { ErrorNote } from '../../components/note.js';
import { Page, Panel } from '../../components/page.js';
import { ShowNumbers } from '../../components/show_numbers.js';
import { Skeleton } from '../../components/skeleton.js';
import { Status } from '../../components/status.js';
import { maskOf } from '../../lib/masking.js';
import { useResource } from '../../state/resource.js';
import { linkTo } from '../../state/router.js';
import { can, onlyWebhook } from '../../state/session.js';
import { useWebhookNames } from '../../state/webhook_names.js';
import { isWaiting, useWebhooks } from '../deliveries/use_webhooks.js';
import { CallFacts } from './call_facts.js';
import { ReportDeliveries } from './deliveries.js';
import { EraseReport } from './erase.js';
import { DeliveryNotes } from './notes.js';
import { MissingReport } from './missing.js';
import { readingOf } from './report.js';
import { ReportText } from './report_text.js';
import { useResendFailed } from './resend_failed.js';
import { Unwanted } from './unwanted.js';

/** Milliseconds after which a report with a pending delivery is reloaded. */
const EVERY_MS = 5_000;

/** One report and its deliveries. */
export function Report({ id }) {
  const [every, setEvery] = useState(undefined);
  const { data, error, reload } = useResource((signal) => call('readReport', { params: { id }, asText: true, signal }).then(readingOf), [id], { every });
  const waits = data?.deliveries.some(isWaiting);
  useEffect(() => setEvery(waits ? EVERY_MS : undefined), [waits]);
  const back = [linkTo('/reports'), t('reports.title')];
  if (data) return html`<${Found} id=${id} data=${data} error=${error} reload=${reload} back=${back} />`;
  const instead = error ? html`<${MissingReport} id=${id} error=${error} retry=${reload} />` : html`<${Loading} />`;
  return html`<${Page} title=${t('report.title')} back=${back}>${instead}<//>`;
}

function Found({ id, data, error, reload, back }) {
  const [isShown, setShown] = useState(false);
  const [isErasing, setErasing] = useState(false);
  const names = useWebhookNames();
  const { report, text, deliveries, reason } = data;
  const webhooks = useWebhooks(deliveries.filter(({ status }) => status !== 'delivered').map(({ webhook_id: of }) => of), deliveries.some(isWaiting));
  const resend = useResendFailed(deliveries, names, reload);
  const mask = maskOf(report, isShown);
  const canErase = can('reports:erase') && !onlyWebhook();
  const isUnwanted = reason === 'no_webhook';
  const actions = html`
    <${IconButton} icon="refresh" label=${t('common.refresh')} onClick=${reload} />
    ${can('deliveries:write') && resend.button}`;
  const show = html`<${ShowNumbers} kind="small" isShown=${isShown} onChange=${setShown} />`;
  const standing = html`<${Status} value=${isUnwanted ? 'no_webhook' : data.status} />`;
  return html`
    <${Page} title=${t('report.title')} back=${back} beside=${standing} actions=${actions}>
      ${error && html`<${ErrorNote} error=${error} retry=${reload} />`}
      ${resend.note}
      <div class="report">
        ${isUnwanted ? html`<${Unwanted} key=${names.size} id=${id} report=${report} text=${text} names=${names} isShown=${isShown} reload=${reload} />`
          : html`<${Panel} title=${t('report.deliveries')} flush>
            <${DeliveryNotes} deliveries=${deliveries} names=${names} webhooks=${webhooks} reload=${reload} />
            <${ReportDeliveries} rows=${deliveries} names=${names} webhooks=${webhooks} reload=${reload} /><//>`}
        <${CallFacts} id=${id} receivedAt=${data.received_at} report=${report} mask=${mask} />
        <${Panel} title=${t('report.asSent')} actions=${show}><${ReportText} text=${text} mask=${mask} /><//>
      </div>
      ${canErase && html`<div class="report-end"><${Button} kind="danger" icon="trash" onClick=${() => setErasing(true)}>${t('report.erase')}<//></div>`}
      ${isErasing && html`<${EraseReport} id=${id} deliveries=${deliveries} names=${names} onClose=${() => setErasing(false)} />`}
    <//>`;
}

const Loading = () => html`
  <div class="report">
    <${Panel} title=${t('report.deliveries')}><${Skeleton} lines=${4} /><//>
    <${Panel} title=${t('report.call')}><${Skeleton} lines=${8} /><//>
    <${Panel} title=${t('report.asSent')}><${Skeleton} lines=${8} /><//>
  </div>`;
