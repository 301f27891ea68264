import { curlOf } from '../../api/client.js';
import { html } from '../../lib/html.js';
import { t } from '../../texts/index.js';
import { ButtonLink } from '../../components/button.js';
import { Code } from '../../components/code.js';
import { Panel } from '../../components/page.js';
import { linkTo } from '../../state/router.js';
import { can } from '../../state/session.js';

/** A report that the last step hands over. Without an id and a time each run of the line is a report of its own. */
const sample = { source: 'OBD', bridge: 918068280000, from: 918919520000, to: 918867130000, status: 'ANSWER', duration: '16' };

/** The way to the first delivery, for an account without webhooks or reports. */
export function Guide({ webhook }) {
  const curl = curlOf('handOverReports', { body: { webhook_id: webhook?.id ?? 'WEBHOOK_ID', ...sample } });
  const mayWrite = can('webhooks:write');
  return html`
    <div class="wide">
      <${Panel} title=${t('overview.guide.title')}>
        <p class="muted">${t('overview.guide.lead')}</p>
        <ol class="guide">
          <${Step} name="create" isDone=${Boolean(webhook)}>
            ${!webhook && mayWrite && html`<${ButtonLink} kind="primary" icon="plus" href=${linkTo('/webhooks/new')}>${t('overview.guide.create')}<//>`}
            ${!webhook && !mayWrite && html`<p class="muted">${t('overview.guide.askForWebhook')}</p>`}
            ${webhook && html`<a class="anywhere" href=${linkTo(`/webhooks/${webhook.id}`)}>${t('overview.guide.openWebhook', { name: webhook.name })}</a>`}
          <//>
          <${Step} name="compose">
            ${webhook && mayWrite && html`<${ButtonLink} href=${linkTo(`/webhooks/${webhook.id}/compose`)}>${t('overview.guide.compose')}<//>`}
          <//>
          <${Step} name="test">
            ${webhook && mayWrite && html`<${ButtonLink} href=${linkTo(`/webhooks/${webhook.id}/compose`)}>${t('overview.guide.test')}<//>`}
          <//>
          <${Step} name="report" text=${t(webhook ? 'overview.guide.reportText' : 'overview.guide.reportTextNoWebhook')}>
            ${!can('reports:write') && html`<p class="muted">${t('overview.guide.reportScope')}</p>`}
            <${Code} text=${curl} name="curl" wrap />
          <//>
        </ol>
      <//>
    </div>`;
}

const Step = ({ name, text, isDone, children }) => html`
  <li class=${isDone ? 'done' : ''}>
    <h3>${t(`overview.guide.${name}`)}${isDone && html` <span class="status delivered">${t('overview.guide.done')}</span>`}</h3>
    <p>${text ?? t(`overview.guide.${name}Text`)}</p>
    ${children}
  </li>`;
