import { html, useId, useMemo } from '../../lib/html.js';
import { t } from '../../texts/index.js';
import { TextField } from '../../components/field.js';
import { QUOTAS, zones } from './accounts.js';

/** The fields of a form of an account, new or changed. `children` stand between the names and the quotas. */
export function AccountFields({ form, onForm, error, children }) {
  const list = useId();
  const names = useMemo(zones, []);
  const set = (name) => (value) => onForm({ ...form, [name]: value });
  const setQuota = (name) => (value) => onForm({ ...form, quotas: { ...form.quotas, [name]: value } });
  const field = (name) => error?.field?.(name);
  return html`
    <${TextField} label=${t('account.name')} value=${form.name} onValue=${set('name')} error=${field('name')} required maxlength="100" autofocus autocomplete="off" />
    ${children}
    <div class="row">
      <${TextField} label=${t('account.zone')} hint=${t('account.zoneHint')} value=${form.time_zone} onValue=${set('time_zone')} error=${field('time_zone')}
        list=${list} placeholder="UTC" autocomplete="off" spellcheck=${false} />
      <datalist id=${list}>${names.map((name) => html`<option key=${name} value=${name} />`)}</datalist>
      <${TextField} label=${t('account.retentionDays')} hint=${t('account.retentionHint')} type="number" min="1" max="365" placeholder="30" value=${form.retention_days}
        onValue=${set('retention_days')} error=${field('retention_days')} />
    </div>
    <fieldset class="quotas-field">
      <legend>${t('account.quotas')}</legend>
      <div class="row">
        ${QUOTAS.map(({ name, least, most }) => html`
          <${TextField} key=${name} label=${t(`account.quota.${name}`)} hint=${t(`account.quotaHint.${name}`)} type="number" min=${least} max=${most} placeholder=${t(`account.quotaDefault.${name}`)}
            value=${form.quotas[name]} onValue=${setQuota(name)} error=${field(`quotas.${name}`)} />`)}
      </div>
    </fieldset>`;
}

/** The fields whose errors this form shows. */
export const ACCOUNT_FIELDS = ['id', 'name', 'time_zone', 'retention_days', 'operational_webhook_id', ...QUOTAS.map(({ name }) => `quotas.${name}`)];
