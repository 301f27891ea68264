import { html, useEffect, useState } from '../../lib/html.js';
import { t } from '../../texts/index.js';
import { call } from '../../api/client.js';
import { Button } from '../../components/button.js';
import { ErrorNote, Note } from '../../components/note.js';
import { Panel } from '../../components/page.js';
import { Unsaved } from '../../components/unsaved.js';
import { useAction } from '../../state/resource.js';
import { can } from '../../state/session.js';
import { sayDone } from '../../state/toasts.js';
import { forgetWebhookNames } from '../../state/webhook_names.js';
import { Conflict } from './conflict.js';
import { SettingsFields } from './settings_fields.js';
import { afterSave, changesOf, formOf, SETTINGS } from './settings_form.js';

/** The settings of a webhook. A save sends only changes, and applies to the version that was read. */
export function SettingsTab({ webhook, reload }) {
  const [base, setBase] = useState(webhook);
  const [form, setForm] = useState(() => formOf(webhook));
  const [saved, setSaved] = useState(null);
  const [showsUnreadable, setShowsUnreadable] = useState(false);
  const { busy, error, run, clear } = useAction();
  const { body, unreadable, isDirty } = changesOf(base, form);
  const mayWrite = can('webhooks:write');

  const begin = (webhook) => {
    setBase(webhook);
    setForm(formOf(webhook));
    setSaved(null);
    setShowsUnreadable(false);
    clear();
  };
  // Without unsaved changes, the form follows what other keys save.
  useEffect(() => {
    if (!isDirty && webhook.version > base.version) begin(webhook);
  }, [webhook.version, isDirty]);

  const change = (changes) => setForm((form) => ({ ...form, ...changes }));
  const send = (changes, version) => run(async () => {
    try {
      const answer = await call('changeWebhook', { params: { id: base.id }, body: changes, version });
      setBase(answer);
      setForm((now) => afterSave(now, form, answer));
      setSaved(null);
      setShowsUnreadable(false);
      forgetWebhookNames();
      sayDone(t('webhook.settings.saved'));
      reload();
    } catch (error) {
      if (error.kind !== 'precondition') throw error;
      setSaved(await call('readWebhook', { params: { id: base.id } }));
    }
  });
  const submit = (event) => {
    event.preventDefault();
    setShowsUnreadable(unreadable.length > 0);
    if (!unreadable.length) send(body, base.version);
  };

  const isMarked = ({ field }) => SETTINGS.includes(field.split(/[.[]/)[0]);
  const hasMarkedFields = (showsUnreadable && unreadable.length > 0) || (error?.fields?.length > 0 && error.fields.every(isMarked));
  if (saved) {
    const close = () => setSaved(null);
    return html`
      <${Conflict} base=${base} form=${form} saved=${saved} busy=${busy} error=${error} onSave=${send} onUseSaved=${() => begin(saved)} onBack=${close} />
      <${Unsaved} when=${true} />`;
  }
  return html`
    <${Panel} title=${t('webhook.settings.title')}>
      <form class="form" onSubmit=${submit} novalidate>
        ${!mayWrite && html`<${Note}>${t('webhook.settings.readOnly')}<//>`}
        <${SettingsFields} webhook=${base} form=${form} change=${change} error=${error}
          unreadable=${showsUnreadable ? unreadable : []} disabled=${!mayWrite} />
        ${hasMarkedFields ? html`<${Note} kind="failed">${t('webhook.settings.wrongField')}<//>` : html`<${ErrorNote} error=${error} />`}
        ${error && html`<p class="muted small">${t('webhook.settings.failed')}</p>`}
        ${mayWrite && html`
          <div class=${`buttons webhook-save ${isDirty ? 'sticky' : ''}`}>
            <${Button} kind="primary" type="submit" busy=${busy} disabled=${!isDirty}>${t('webhook.settings.save')}<//>
            <${Button} disabled=${!isDirty || busy} onClick=${() => begin(webhook.version > base.version ? webhook : base)}>${t('webhook.settings.discard')}<//>
            <span class="muted" role="status">${isDirty ? t('webhook.settings.unsaved') : ''}</span>
          </div>`}
      </form>
    <//>
    <${Unsaved} when=${isDirty} />`;
}
