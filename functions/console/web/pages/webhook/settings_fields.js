import { html } from '../../lib/html.js';
import { t } from '../../texts/index.js';
import { ButtonLink } from '../../components/button.js';
import { CheckField, Field, SelectField, TextField } from '../../components/field.js';
import { linkTo } from '../../state/router.js';
import { originOf } from '../../lib/urls.js';
import { Schedule } from './schedule.js';

const MASKS = ['from', 'to', 'bridge'];

/** The fields of the settings, with the errors of the API where they occur. */
export function SettingsFields({ webhook, form, change, error, unreadable, disabled }) {
  const wrong = (name, text) => (unreadable.includes(name) ? t(text) : error?.field?.(name));
  const toggle = (name) => (isOn) => change({ mask: isOn ? [...form.mask, name] : form.mask.filter((one) => one !== name) });
  const statuses = ['active', 'inactive', ...(webhook.status === 'disabled' ? ['disabled'] : [])];
  return html`
    <${TextField} label=${t('webhook.settings.name')} value=${form.name} onValue=${(name) => change({ name })} error=${wrong('name')}
      required maxlength="100" disabled=${disabled} />
    <${Field} label=${t('webhook.settings.description')} hint=${t('webhook.settings.descriptionHint')} error=${wrong('description')} control=${(tied) => html`
      <textarea class="textarea" value=${form.description} onInput=${(event) => change({ description: event.currentTarget.value })}
        maxlength="1000" disabled=${disabled} ...${tied} />`} />
    <${ReceiverField} webhook=${webhook} mayWrite=${!disabled} />
    <div class="row">
      <${SelectField} label=${t('webhook.settings.status')} hint=${t('webhook.settings.statusHint')}
        value=${form.status} onValue=${(status) => change({ status })} error=${wrong('status')}
        options=${statuses.map((name) => [name, t(`webhook.settings.statuses.${name}`)])} disabled=${disabled} />
      <${TextField} label=${t('webhook.settings.timeout_seconds')} hint=${t('webhook.settings.timeoutHint')}
        value=${form.timeout_seconds} onValue=${(value) => change({ timeout_seconds: value })}
        error=${wrong('timeout_seconds', 'webhook.settings.notANumber')} inputmode="numeric" disabled=${disabled} />
    </div>
    <div class="row">
      <${TextField} label=${t('webhook.settings.success_codes')} hint=${t('webhook.settings.codesHint')}
        value=${form.success_codes} onValue=${(value) => change({ success_codes: value })}
        error=${wrong('success_codes', 'webhook.settings.notCodes')} disabled=${disabled} />
      <${TextField} label=${t('webhook.settings.max_per_second')} hint=${t('webhook.settings.maxHint')}
        value=${form.max_per_second} onValue=${(value) => change({ max_per_second: value })}
        error=${wrong('max_per_second', 'webhook.settings.notANumber')} inputmode="numeric" disabled=${disabled} />
    </div>
    <${Schedule} waits=${form.retry} onWaits=${(retry) => change({ retry })} error=${error} isUnreadable=${unreadable.includes('retry')} disabled=${disabled} />
    <fieldset class="webhook-fieldset" disabled=${disabled}>
      <legend>${t('webhook.settings.mask')}</legend>
      <div class="buttons">${MASKS.map((name) => html`
        <${CheckField} key=${name} label=${t(`webhook.settings.masks.${name}`)} checked=${form.mask.includes(name)} onValue=${toggle(name)} />`)}</div>
      <p class="muted small">${t('webhook.settings.maskHint')}</p>
      ${wrong('mask') && html`<p class="error">${wrong('mask')}</p>`}
    </fieldset>`;
}

/** The URL of the receiver, which another page changes. */
const ReceiverField = ({ webhook, mayWrite }) => html`
  <div class="field">
    <span class="label">${t('webhook.settings.receiver')}</span>
    <div class="webhook-receiver">
      <span class="mono anywhere">${webhook.method} ${originOf(webhook.url) ?? webhook.url}</span>
      ${mayWrite && html`<${ButtonLink} kind="small" icon="edit" href=${linkTo(`/webhooks/${webhook.id}/compose`)}>${t('webhook.compose')}<//>`}
    </div>
    ${mayWrite && html`<div class="hint">${t('webhook.settings.receiverHint')}</div>`}
  </div>`;
