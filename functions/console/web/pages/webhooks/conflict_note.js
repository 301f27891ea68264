import { html } from '../../lib/html.js';
import { t } from '../../texts/index.js';
import { Button } from '../../components/button.js';
import { Note } from '../../components/note.js';

/** Says what changed while the reader looked at the list, and offers the action again if it still applies. */
export function ConflictNote({ of: { action, before, now }, onRepeat, onClose }) {
  const { name } = before;
  const isSame = now && (action === 'remove' || now.status === before.status);
  const verb = action === 'remove' ? 'delete' : before.status === 'active' ? 'pause' : 'activate';
  const buttons = html`
    <span class="buttons">
      ${isSame && html`<${Button} kind="small" onClick=${() => onRepeat(action, now)}>${verb === 'delete' ? t('webhooks.deleteOf', { name }) : t(`webhooks.${verb}`)}<//>`}
      <${Button} kind="small" onClick=${onClose}>${t('common.close')}<//>
    </span>`;
  return html`<${Note} kind="warning" action=${buttons}><span role="alert">${now ? changedText(before, now) : t('webhooks.gone', { name })}</span><//>`;
}

const changedText = (before, now) => t('webhooks.changed', {
  name: before.name, before: before.version, statusBefore: t(`status.${before.status}`), now: now.version, statusNow: t(`status.${now.status}`),
});
