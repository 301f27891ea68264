import { html } from '../../lib/html.js';
import { t } from '../../texts/index.js';
import { ButtonLink } from '../../components/button.js';
import { Note } from '../../components/note.js';
import { Panel } from '../../components/page.js';
import { useSignal } from '../../lib/signal.js';
import { linkTo } from '../../state/router.js';
import { can, session } from '../../state/session.js';
import { SubmitSample } from './submit_sample.js';

/**
 * The steps to the first delivery, for an account without webhooks or reports. `hasReports` says that reports have arrived already. A
 * read-only key gets one sentence instead.
 */
export function Guide({ webhook, hasReports }) {
  const { who } = useSignal(session);
  const mayWrite = can('webhooks:write');
  const maySubmit = can('reports:write');
  const frame = (content) => html`<div class="wide"><${Panel} title=${t('overview.guide.title')}>${content}<//></div>`;
  if (!mayWrite && !(webhook && maySubmit)) return frame(html`<${Note}>${t(`overview.guide.onlyShows.${who?.kind === 'console_link' ? 'link' : 'key'}`)}<//>`);
  const compose = linkTo(`/webhooks/${webhook?.id}/compose`);
  return frame(html`
    <p class="muted">${t('overview.guide.lead')}</p>
    <ol class="guide">
      <${Step} name="create" isDone=${Boolean(webhook)}>
        ${!webhook && html`<${ButtonLink} kind="primary" icon="plus" href=${linkTo('/webhooks/new')}>${t('overview.guide.create')}<//>`}
        ${webhook && html`<a class="anywhere" href=${linkTo(`/webhooks/${webhook.id}`)}>${t('overview.guide.openWebhook', { name: webhook.name })}</a>`}
      <//>
      <${Step} name="compose" isDone=${Boolean(webhook)}>
        ${webhook && mayWrite && html`<${ButtonLink} href=${compose}>${t('overview.guide.compose')}<//>`}
      <//>
      <${Step} name="test" isDone=${hasReports}>
        ${webhook && mayWrite && html`<${ButtonLink} href=${linkTo(`/webhooks/${webhook.id}/compose`, { show: 'test' })}>${t('overview.guide.test')}<//>`}
      <//>
      <${Step} name="report" isDone=${hasReports} text=${t(maySubmit ? 'overview.guide.reportText' : 'overview.guide.reportByPlatform')}>
        <${SubmitSample} webhook=${webhook} />
      <//>
    </ol>`);
}

const Step = ({ name, text, isDone, children }) => html`
  <li class=${isDone ? 'done' : ''}>
    <h3>${t(`overview.guide.${name}`)}${isDone && html` <span class="status delivered">${t('overview.guide.done')}</span>`}</h3>
    <p>${text ?? t(`overview.guide.${name}Text`)}</p>
    ${children}
  </li>`;
