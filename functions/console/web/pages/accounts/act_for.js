import { html } from '../../lib/html.js';
import { t } from '../../texts/index.js';
import { actForAccount } from '../../components/acting.js';
import { Button } from '../../components/button.js';

/** The button of an account in the list. An account that is being erased cannot be acted for. */
export function ActFor({ account, isCurrent, busyId, onBusy }) {
  if (isCurrent) return html`<span class="chip">${t('accounts.current')}</span>`;
  if (account.status !== 'active') return null;
  const act = async () => {
    const acting = actForAccount(account);
    if (!acting) return;
    onBusy(account.id);
    await acting;
    // Another account may be chosen meanwhile: the last click counts.
    onBusy((busyId) => (busyId === account.id ? null : busyId));
  };
  return html`<${Button} kind="small" busy=${busyId === account.id} aria-label=${t('accounts.actForWhat', { name: account.name })} onClick=${act}>${t('accounts.actFor')}<//>`;
}
