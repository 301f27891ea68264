import { html, useState } from '../../lib/html.js';
import { t } from '../../texts/index.js';
import { call } from '../../api/client.js';
import { Button, ButtonLink } from '../../components/button.js';
import { Confirm } from '../../components/dialog.js';
import { sentenceOf } from '../../components/note.js';
import { useAction } from '../../state/resource.js';
import { go, linkTo } from '../../state/router.js';
import { can } from '../../state/session.js';
import { sayDone, sayFailed } from '../../state/toasts.js';

/** What can be done with a webhook as a whole, from each of its tabs. */
export function Actions({ webhook, reload }) {
  const [asked, setAsked] = useState(null);
  const { busy, run } = useAction();
  const path = `/webhooks/${webhook.id}`;
  const mayWrite = can('webhooks:write');
  const activate = () => run(async () => {
    try {
      await setStatus(webhook, 'active');
      sayDone(t('webhook.activated', { name: webhook.name }));
    } catch (error) {
      sayFailed(sentenceOf(error), activate);
    }
    reload();
  });
  return html`
    ${mayWrite && html`<${ButtonLink} icon="edit" href=${linkTo(`${path}/compose`)}>${t('webhook.compose')}<//>`}
    ${can('deliveries:write') && can('deliveries:read') && html`<${ButtonLink} icon="refresh" href=${linkTo(path, { tab: 'replays' })}>${t('webhook.replay')}<//>`}
    ${mayWrite && html`
      ${webhook.status === 'active'
        ? html`<${Button} icon="pause" onClick=${() => setAsked('pause')}>${t('webhook.pause')}<//>`
        : html`<${Button} icon="play" busy=${busy} onClick=${activate}>${t('webhook.activate')}<//>`}
      <${Button} icon="trash" kind="danger" onClick=${() => setAsked('delete')}>${t('webhook.delete')}<//>
      <${ButtonLink} icon="play" kind="primary" href=${linkTo(path, { test: 'OBD' })}>${t('webhook.test')}<//>`}
    ${asked === 'pause' && html`<${ConfirmPause} webhook=${webhook} reload=${reload} onClose=${() => setAsked(null)} />`}
    ${asked === 'delete' && html`<${ConfirmDelete} webhook=${webhook} onClose=${() => setAsked(null)} />`}`;
}

/** Pauses or activates a webhook. Another setting that changed meanwhile stays as it is. */
export const setStatus = (webhook, status) => call('changeWebhook', { params: { id: webhook.id }, body: { status } });

function ConfirmPause({ webhook, reload, onClose }) {
  const { name } = webhook;
  const pause = async () => {
    await setStatus(webhook, 'inactive');
    sayDone(t('webhook.paused', { name }));
    onClose();
    reload();
  };
  return html`<${Confirm} title=${t('webhook.pauseTitle', { name })} action=${t('webhook.pause')} onConfirm=${pause} onClose=${onClose}><p>${t('webhook.pauseText')}</p><//>`;
}

function ConfirmDelete({ webhook, onClose }) {
  const { id, name } = webhook;
  const remove = async () => {
    await call('deleteWebhook', { params: { id } });
    sayDone(t('webhook.deleted', { name }));
    onClose();
    go('/webhooks');
  };
  return html`<${Confirm} title=${t('webhook.deleteTitle', { name })} action=${t('webhook.deleteAction')} onConfirm=${remove} onClose=${onClose}>
    <p class="anywhere">${t('webhook.deleteText', { name, id })}</p><//>`;
}
