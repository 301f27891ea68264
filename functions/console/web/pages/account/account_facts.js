import { html } from '../../lib/html.js';
import { t } from '../../texts/index.js';
import { Id } from '../../components/id.js';
import { Note } from '../../components/note.js';
import { Facts, Panel } from '../../components/page.js';
import { Time } from '../../components/time.js';
import { linkTo } from '../../state/router.js';
import { can, isPlatform, session } from '../../state/session.js';
import { QUOTAS } from '../accounts/accounts.js';

/** The fields and quotas of an account. A narrowed key sees fewer of them. */
export function AccountFacts({ account }) {
  const { who } = session.get();
  const isOwn = who.account?.id === account.id;
  const webhook = account.operational_webhook_id;
  return html`
    <${Panel} title=${t('account.facts')}>
      <${Facts} of=${[
        [t('account.name'), html`<span class="anywhere">${account.name}</span>`],
        [t('account.id'), html`<${Id} value=${account.id} what=${t('account.id')} whole />`],
        [t('account.zone'), html`${account.time_zone} <div class="muted">${t('account.zoneMeaning')}</div>`],
        [t('account.retention'), html`${t('account.days', { count: account.retention_days })} <div class="muted">${t('account.retentionMeaning')}</div>`],
        [t('account.operational'), account.quotas && html`
          ${webhook ? html`<${Id} value=${webhook} what=${t('keys.webhookId')} whole href=${isOwn && can('webhooks:read') ? linkTo(`/webhooks/${webhook}`) : undefined} />` : t('common.none')}
          <div class="muted">${t('account.operationalMeaning')}</div>`],
        [t('account.made'), account.created_at && html`<${Time} at=${account.created_at} />`],
      ]} />
    <//>
    ${account.quotas ? html`<${Quotas} quotas=${account.quotas} />` : html`<${Note}>${t('account.limitedKey')}<//>`}
    ${!isPlatform() && account.quotas && html`<${Note}>${t('account.askPlatform')}<//>`}`;
}

const Quotas = ({ quotas }) => html`
  <${Panel} title=${t('account.quotas')}>
    <ul class="quota-list">
      ${QUOTAS.map(({ name }) => html`
        <li key=${name}>
          <span>${t(`account.quota.${name}`)}</span>
          <span class="value">${quotas[name]?.toLocaleString('en') ?? t('account.byDeployment')}</span>
          <span class="meaning muted">${t(`account.quotaMeaning.${name}`)}</span>
        </li>`)}
    </ul>
  <//>`;
