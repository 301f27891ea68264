import { html, useEffect, useState } from '../../lib/html.js';
import { t } from '../../texts/index.js';
import { call } from '../../api/client.js';
import { Button } from '../../components/button.js';
import { Code } from '../../components/code.js';
import { ErrorNote, Note } from '../../components/note.js';
import { Facts } from '../../components/page.js';
import { headerLines } from '../../lib/headers.js';
import { duration } from '../../lib/times.js';
import { useAction } from '../../state/resource.js';
import { can } from '../../state/session.js';
import { testText } from './requests.js';

/**
 * Sends a test with the chosen report. Unsaved changes are not tested: `onSave` saves them first, and returns whether it did;
 * `onCreate` creates a new webhook, whose page sends the test.
 */
export function TestPanel({ composer, report, mask, onSave, onCreate, mayStart, onStarted }) {
  const { id, saved, changes } = composer;
  const [result, setResult] = useState(null);
  const { busy, error, run } = useAction();
  const mayOwn = can('reports:write');
  const isOwn = report.chosen?.text !== undefined;
  const chosen = isOwn && !mayOwn ? { sample: 'OBD' } : report.chosen;
  const send = (savesFirst) => run(async () => {
    setResult(null);
    if (savesFirst && !(await onSave())) return;
    setResult(await call('testWebhook', { params: { id }, bodyText: testText(chosen) }));
  });
  useEffect(() => {
    if (!mayStart || !chosen) return;
    onStarted();
    send(false);
  }, [mayStart]);
  if (!can('webhooks:write')) return html`<${Note} kind="warning">${t('compose.test.needsScope')}<//>`;
  if (!saved) {
    const create = () => run(onCreate);
    return html`
      <div class="stack">
        <p class="muted">${t('compose.test.lead')} ${t('compose.test.needsSave')}</p>
        <div class="buttons"><${Button} kind="primary" icon="play" busy=${busy} onClick=${create}>${t('compose.test.createAndSend')}<//></div>
      </div>`;
  }
  return html`
    <div class="stack">
      <p class="muted">${t('compose.test.lead')}</p>
      ${isOwn && !mayOwn && html`<${Note} kind="warning">${t('compose.test.reportScope', { sample: 'OBD' })}<//>`}
      ${saved.status && saved.status !== 'active' && html`<${Note} kind="warning">${t('compose.test.inactive', { status: t(`status.${saved.status}`) })}<//>`}
      ${changes > 0 && html`<${Note} kind="warning">${t('compose.test.unsaved')}<//>`}
      <div class="buttons">
        ${changes > 0 && html`<${Button} kind="primary" icon="play" busy=${busy} disabled=${!chosen} onClick=${() => send(true)}>${t('compose.test.saveAndSend')}<//>`}
        <${Button} kind=${changes > 0 ? '' : 'primary'} icon="play" busy=${busy} disabled=${!chosen} onClick=${() => send(false)}>
          ${t(changes > 0 ? 'compose.test.sendSaved' : 'compose.test.send')}
        <//>
        <span class="muted" role="status">${busy ? t('compose.test.sending') : ''}</span>
      </div>
      <${ErrorNote} error=${error} retry=${() => send(false)} />
      ${result && html`<${Result} result=${result} isOfSaved=${changes > 0} mask=${mask} />`}
    </div>`;
}

/** The outcome of a test. `isOfSaved` says that the form has changed since the tested version. */
function Result({ result, isOfSaved, mask }) {
  const { taken, meaning, status_code: code, error, latency_ms: latency, request, address, id, response, response_headers: headers } = result;
  const verdict = t(taken ? 'compose.test.delivered' : 'compose.test.failed');
  return html`
    <div class="stack" role="status">
      <${Note} kind=${taken ? 'good' : 'failed'}><strong>${isOfSaved ? t('compose.test.withSaved', { result: verdict }) : verdict}</strong>: ${meaning}<//>
      <${Facts} of=${[
        [t('compose.test.status'), code],
        [t('compose.test.error'), error && html`<code>${error.reason ? `${error.type}: ${error.reason}` : error.type}</code>`],
        [t('compose.test.latency'), duration(latency)],
        [t('compose.test.request'), request && html`<code class="anywhere">${mask.text(`${request.method} ${request.url}`)}</code>`],
        [t('compose.test.address'), address && html`<code>${address}</code>`],
        [t('compose.test.id'), html`<code class="anywhere">${id}</code>`],
      ]} />
      ${headers && Object.keys(headers).length > 0 && html`
        <${Code} text=${mask.text(headerLines(headers))} original=${headerLines(headers)} name=${t('compose.test.responseHeaders')} wrap />`}
      ${response?.text && html`
        <${Code} text=${mask.body(response.text)} original=${response.text} name=${t('compose.test.response')} json wrap />`}
      ${response?.base64 && html`<${Code} text=${response.base64} name=${t('compose.test.binary')} wrap />`}
      ${code !== undefined && !response?.text && !response?.base64 && html`<p class="muted">${t('compose.test.withoutBody')}</p>`}
    </div>`;
}
