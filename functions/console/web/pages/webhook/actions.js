import { html, useState } from '../../lib/html.js';
import { t } from '../../texts/index.js';
import { call } from '../../api/client.js';
import { Button, ButtonLink } from '../../components/button.js';
import { Confirm } from '../../components/dialog.js';
import { Note, sentenceOf } from '../../components/note.js';
import { useAction } from '../../state/resource.js';
import { go, linkTo } from '../../state/router.js';
import { can } from '../../state/session.js';
import { sayDone, sayFailed } from '../../state/toasts.js';
import { forgetWebhookNames } from '../../state/webhook_names.js';
import { ConfirmDelete } from '../webhooks/confirm_delete.js';
import { askForTest } from './test_now.js';

/**
 * The actions on a whole webhook, from each of its tabs. Each action applies to the version that the reader saw: if that has changed,
 * the page says so and shows the current webhook.
 */
export function Actions({ webhook, reload }) {
  /** The action to confirm: what it `does`, and the `webhook` as the reader saw it. */
  const [asked, setAsked] = useState(null);
  const { busy, run } = useAction();
  const path = `/webhooks/${webhook.id}`;
  const mayWrite = can('webhooks:write');
  const close = () => setAsked(null);
  const ask = (does) => setAsked({ does, webhook });
  const activate = () => run(async () => {
    try {
      await setStatus(webhook, 'active', webhook.version);
      sayDone(t('webhook.activated', { name: webhook.name }));
    } catch (error) {
      // After a change elsewhere, the button applies to the reloaded webhook.
      if (error.kind === 'precondition') sayFailed(t('webhook.changedMeanwhile'));
      else sayFailed(sentenceOf(error), activate);
    }
    reload();
  });
  /** Does the confirmed action. After a conflict the dialog stays (`false`) and shows the current webhook. */
  const attempt = async (action) => {
    try {
      await action(asked.webhook);
    } catch (error) {
      if (error.kind !== 'precondition') throw error;
      const now = await call('readWebhook', { params: { id: webhook.id } });
      setAsked((asked) => asked && { ...asked, webhook: now, isChanged: true });
      reload();
      return false;
    }
    return true;
  };
  const changed = asked?.isChanged && html`<${Note} kind="warning"><span role="alert">${t('webhook.changedMeanwhile')}</span><//>`;
  const pause = () => attempt(async ({ name, version }) => {
    await setStatus(webhook, 'inactive', version);
    sayDone(t('webhook.paused', { name }));
    close();
    reload();
  });
  const remove = () => attempt(async ({ id, name, version }) => {
    await call('deleteWebhook', { params: { id }, version });
    forgetWebhookNames();
    sayDone(t('webhook.deleted', { name }));
    go('/webhooks');
  });
  const test = () => {
    askForTest(webhook.id);
    go(path, { test: 'OBD' });
  };
  return html`
    ${mayWrite && html`<${ButtonLink} icon="edit" href=${linkTo(`${path}/compose`)}>${t('webhook.compose')}<//>`}
    ${can('deliveries:write') && can('deliveries:read') && html`<${ButtonLink} icon="refresh" href=${linkTo(path, { tab: 'replays' })}>${t('webhook.replay')}<//>`}
    ${mayWrite && html`
      ${webhook.status === 'active'
        ? html`<${Button} icon="pause" onClick=${() => ask('pause')}>${t('webhook.pause')}<//>`
        : html`<${Button} icon="play" busy=${busy} onClick=${activate}>${t('webhook.activate')}<//>`}
      <${Button} icon="trash" kind="danger" onClick=${() => ask('delete')}>${t('webhook.delete')}<//>
      <${Button} icon="play" kind="primary" onClick=${test}>${t('webhook.test')}<//>`}
    ${asked?.does === 'pause' && html`
      <${Confirm} title=${t('webhook.pauseTitle', { name: asked.webhook.name })} action=${t('webhook.pause')} onConfirm=${pause} onClose=${close}>
        <p>${t('webhook.pauseText')}</p>${changed}<//>`}
    ${asked?.does === 'delete' && html`<${ConfirmDelete} webhook=${asked.webhook} onDelete=${remove} onClose=${close}>${changed}<//>`}`;
}

/** Pauses or activates a webhook; with a `version`, only that version. */
export const setStatus = (webhook, status, version) => call('changeWebhook', { params: { id: webhook.id }, body: { status }, version });
