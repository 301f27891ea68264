import { html, useState } from '../../lib/html.js';
import { t } from '../../texts/index.js';
import { call } from '../../api/client.js';
import { Button } from '../../components/button.js';
import { TextField } from '../../components/field.js';
import { Id } from '../../components/id.js';
import { ErrorNote, Note } from '../../components/note.js';
import { PhoneNumber } from '../../components/phone_number.js';
import { Skeleton } from '../../components/skeleton.js';
import { Time } from '../../components/time.js';
import { useResource } from '../../state/resource.js';
import { can } from '../../state/session.js';
import { TemplateField } from './template_field.js';
import { lineAndColumn, scanJson } from './json_text.js';

const KINDS = ['OBD', 'C2C', 'past', 'own'];

/** Chooses the kind of report that the preview and the test use. */
export function ReportSelect({ report }) {
  const kinds = KINDS.filter((kind) => kind !== 'past' || can('deliveries:read') || report.kind === 'past');
  return html`
    <select class="select report-select" aria-label=${t('compose.report.label')} data-target="report" value=${report.kind} onChange=${(event) => report.choose(event.currentTarget.value)}>
      ${kinds.map((kind) => html`<option value=${kind}>${t(`compose.report.kinds.${kind}`)}</option>`)}
    </select>`;
}

/** Chooses the report: a past one, or the reader's own. */
export function ReportChooser({ report, own, onOwn, problems }) {
  if (report.kind !== 'past' && report.kind !== 'own' && !problems.length) return null;
  return html`
    <div class="stack report-chooser">
      ${report.kind === 'past' && html`<${PastReport} report=${report} />`}
      ${report.kind === 'own' && html`<${OwnReport} own=${own} onOwn=${onOwn} />`}
      ${problems.map(({ field, what }) => html`<div class="field"><div class="error"><code>${field}</code> ${what}</div></div>`)}
    </div>`;
}

function OwnReport({ own, onOwn }) {
  const { error, root } = scanJson(own);
  const wrong = error ? [{ start: error.offset, end: error.offset + 1, ...lineAndColumn(own, error.offset) }] : [];
  return html`
    <div class="field">
      <${TemplateField} isCode target="own" place="json" value=${own} onValue=${onOwn} problems=${wrong} aria-label=${t('compose.report.own')} />
      ${(error || root.kind !== 'object') && html`<div class="error">${error ? `${t('compose.problems.at', wrong[0])}: ${t(`compose.problems.json.${error.what}`)}` : t('compose.report.wrong')}</div>`}
    </div>`;
}

function PastReport({ report }) {
  const [isChoosing, setChoosing] = useState(false);
  if (!can('deliveries:read')) return html`<${Note} kind="warning">${t('compose.report.needsScope')}<//>`;
  if (report.id && !isChoosing) {
    return html`
      <div class="compose-line">
        <span>${t('compose.report.chosen', { id: '' })} <${Id} value=${report.id} what=${t('compose.report.label')} /></span>
        <${Button} kind="small" onClick=${() => setChoosing(true)}>${t('compose.report.another')}<//>
      </div>
      ${report.error && html`<${Note} kind="failed">${report.error.kind === 'not-found' ? t('compose.report.gone') : report.error.message}<//>`}`;
  }
  const pick = (id) => {
    setChoosing(false);
    report.pick(id);
  };
  return html`<${Choices} onPick=${pick} />`;
}

function Choices({ onPick }) {
  const [typed, setTyped] = useState('');
  const [number, setNumber] = useState('');
  const { data, error, loading, reload } = useResource((signal) => call('searchReports', { query: { limit: 10, number }, signal }), [number]);
  const find = (event) => {
    event.preventDefault();
    setNumber(typed.trim());
  };
  return html`
    <div class="past-reports">
      <form class="compose-line" role="search" aria-label=${t('compose.report.number')} onSubmit=${find}>
        <${TextField} label=${t('compose.report.number')} hint=${t('compose.report.numberHint')} value=${typed} onValue=${setTyped} type="search" inputmode="tel" autocomplete="off" />
        <${Button} type="submit" icon="search" busy=${loading}>${t('compose.report.find')}<//>
      </form>
      <h3>${t(number ? 'compose.report.found' : 'compose.report.latest')}</h3>
      <${ErrorNote} error=${error} retry=${reload} />
      ${!data && !error && html`<${Skeleton} lines=${5} />`}
      ${data && !data.data.length && html`<p class="muted">${t(number ? 'compose.report.noneFound' : 'compose.report.none')}</p>`}
      ${data?.data.length > 0 && html`<ul>${data.data.map((row) => html`
        <li key=${row.id}><button type="button" class="button quiet" onClick=${() => onPick(row.id)}><${Time} at=${row.received_at} /></button>
          <span>${row.source ?? '–'}</span><span>${row.call_status ?? '–'}</span><${PhoneNumber} value=${row.to} /></li>`)}</ul>`}
    </div>`;
}
