import { html } from '../../lib/html.js';
import { t } from '../../texts/index.js';
import { Id } from '../../components/id.js';
import { Note } from '../../components/note.js';
import { Facts, Panel } from '../../components/page.js';
import { Time } from '../../components/time.js';
import { linkTo } from '../../state/router.js';
import { isPlatform } from '../../state/session.js';
import { SCOPES } from './keys.js';

const kindOf = (who) => (who.kind === 'console_link' ? 'link' : isPlatform() ? 'platform' : 'account');

/** The key that is signed in: its kind, scopes and expiry. */
export function ThisKey({ who }) {
  const kind = kindOf(who);
  const webhook = who.webhook_id && html`<${Id} value=${who.webhook_id} what=${t('keys.webhookId')} whole href=${linkTo(`/webhooks/${who.webhook_id}`)} />`;
  return html`
    <${Panel} title=${t('keys.tabs.mine')}>
      <div class="stack">
        <${Facts} of=${[
          [t('keys.name'), html`<span class="anywhere">${who.name}</span>`],
          [t('keys.prefix'), html`<${Id} value=${who.prefix} what=${t('keys.prefix')} whole />`],
          [t('keys.kind'), t(`keys.kinds.${kind}`)],
          [t('keys.reaches'), webhook ?? (kind === 'platform' ? t('keys.reachesAccounts') : t('keys.reachesAccount', { name: who.account?.name ?? '' }))],
          [t('keys.made'), who.created_at && html`<${Time} at=${who.created_at} />`],
          [t('keys.ends'), who.expires_at ? html`<${Time} at=${who.expires_at} /> <span class="muted">(<${Time} at=${who.expires_at} relative />)</span>` : t('keys.never')],
        ]} />
        <div>
          <h3>${t('keys.may')}</h3>
          <ul class="scopes">
            ${SCOPES.map((scope) => html`
              <li key=${scope} class=${who.scopes.includes(scope) ? '' : 'muted'}>
                <code>${scope}</code><span>${who.scopes.includes(scope) ? t(`keys.scopes.${scope}`) : t('keys.lacks')}</span>
              </li>`)}
          </ul>
        </div>
        ${kind === 'account' && html`<${Note}>${t('keys.askPlatform')}<//>`}
        ${kind === 'link' && html`<${Note}>${t('keys.askLink')}<//>`}
      </div>
    <//>`;
}
