import { html, useId } from '../../lib/html.js';
import { t } from '../../texts/index.js';
import { Panel } from '../../components/page.js';
import { SelectField, TextField } from '../../components/field.js';
import { lacksIdentity } from './requests.js';

const CHOICES = ['all', 'number', 'flow', 'source', 'none'];

/** Chooses which reports a new webhook gets: those of a subscription, or only those that name it. */
export function ReportsChoice({ reports, onReports, wanted }) {
  const name = useId();
  const change = (changes) => onReports({ ...reports, ...changes });
  const error = wanted && lacksIdentity(reports) ? t('compose.problems.reports') : undefined;
  return html`
    <${Panel} title=${t('compose.reports.title')}>
      <div class="stack">
        <div class="compose-choices" role="radiogroup" aria-label=${t('compose.reports.title')}>
          ${CHOICES.map((which) => html`
            <label class="check"><input type="radio" name=${name} checked=${reports.which === which} onChange=${() => change({ which })} />
              <span>${t(`compose.reports.${which}`)}</span></label>`)}
        </div>
        ${reports.which === 'number' && html`
          <${TextField} label=${t('compose.reports.numberLabel')} value=${reports.number} onValue=${(number) => change({ number })} error=${error}
            data-target="reports" inputmode="tel" placeholder="918068280000" />`}
        ${reports.which === 'flow' && html`
          <${TextField} label=${t('compose.reports.flowLabel')} value=${reports.flow} onValue=${(flow) => change({ flow })} error=${error}
            data-target="reports" placeholder="123" />`}
        ${reports.which === 'source' && html`
          <${SelectField} label=${t('compose.reports.sourceLabel')} value=${reports.source} onValue=${(source) => change({ source })}
            options=${[['OBD', 'OBD'], ['C2C', 'C2C']]} />`}
        ${reports.which === 'none' && html`<p class="muted">${t('compose.reports.noneHint')}</p>`}
      </div>
    <//>`;
}
