import { html } from '../../lib/html.js';
import { t } from '../../texts/index.js';
import { call } from '../../api/client.js';
import { ButtonLink } from '../../components/button.js';
import { Empty } from '../../components/empty.js';
import { Id } from '../../components/id.js';
import { ErrorNote, Note } from '../../components/note.js';
import { Page } from '../../components/page.js';
import { Skeleton } from '../../components/skeleton.js';
import { Status } from '../../components/status.js';
import { Tabs } from '../../components/tabs.js';
import { useResource } from '../../state/resource.js';
import { linkTo, useQuery } from '../../state/router.js';
import { can } from '../../state/session.js';
import { Actions } from './actions.js';
import { HealthTab } from './health_tab.js';
import { ReplaysTab } from './replays_tab.js';
import { RequestTab } from './request_tab.js';
import { SecretsTab } from './secrets_tab.js';
import { SettingsTab } from './settings_tab.js';
import { SubscriptionsTab } from './subscriptions_tab.js';

const parts = { health: HealthTab, settings: SettingsTab, secrets: SecretsTab, request: RequestTab, subscriptions: SubscriptionsTab, replays: ReplaysTab };

/** The tabs whose content the key may read. */
const tabs = () => Object.keys(parts).filter((name) => name !== 'replays' || can('deliveries:read')).map((name) => [name, t(`webhook.tabs.${name}`)]);

/** One webhook: its health and figures, and in further tabs everything that belongs to it. */
export function Webhook({ id }) {
  const { tab } = useQuery();
  const mayRead = can('webhooks:read');
  const load = (signal) => (mayRead ? call('readWebhook', { params: { id }, signal }) : null);
  const { data: webhook, error, reload } = useResource(load, [id, mayRead], { every: 15_000 });
  const back = [linkTo('/webhooks'), t('webhook.back')];
  if (!mayRead) {
    return html`<${Page} title=${t('webhook.title')}>
      <${Note} kind="warning" action=${html`<${DeliveriesLink} id=${id} />`}>${t('common.needsScope', { scope: 'webhooks:read' })}<//><//>`;
  }
  if (error?.kind === 'not-found') return html`<${Missing} id=${id} back=${back} />`;
  const shownTabs = tabs();
  const Part = shownTabs.some(([name]) => name === tab) ? parts[tab] : HealthTab;
  const beside = webhook && html`
    <${Status} value=${webhook.status} />
    ${webhook.status === 'active' && webhook.health.circuit !== 'closed' && html`<${Status} value=${webhook.health.circuit} />`}
    <${Id} value=${id} what=${t('webhook.id')} />`;
  const actions = webhook && html`<${Actions} webhook=${webhook} reload=${reload} />`;
  return html`
    <${Page} title=${webhook?.name ?? t('webhook.title')} back=${back} beside=${beside} actions=${actions}>
      <${Tabs} tabs=${shownTabs} label=${t('webhook.tabsLabel')} />
      ${error && html`<${ErrorNote} error=${error} retry=${reload} />`}
      ${webhook ? html`<${Part} webhook=${webhook} reload=${reload} />` : !error && html`<div class="panel"><div class="body"><${Skeleton} lines=${8} /></div></div>`}
    <//>`;
}

const Missing = ({ id, back }) => html`
  <${Page} title=${t('webhook.title')} back=${back}>
    <div class="panel">
      <${Empty} title=${t('webhook.missing')} text=${t('webhook.missingText')} action=${html`
        <div class="buttons">
          <${ButtonLink} kind="primary" href=${linkTo('/webhooks')}>${t('webhook.toList')}<//>
          <${DeliveriesLink} id=${id} />
        </div>`} />
    </div>
  <//>`;

const DeliveriesLink = ({ id }) => can('deliveries:read') && html`<${ButtonLink} href=${linkTo('/deliveries', { webhook_id: id })}>${t('webhook.toDeliveries')}<//>`;
