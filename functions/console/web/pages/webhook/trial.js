import { html, useEffect, useRef, useState } from '../../lib/html.js';
import { useSignal } from '../../lib/signal.js';
import { t } from '../../texts/index.js';
import { call } from '../../api/client.js';
import { Button } from '../../components/button.js';
import { Code } from '../../components/code.js';
import { SelectField } from '../../components/field.js';
import { ErrorNote, Note } from '../../components/note.js';
import { Facts, Panel } from '../../components/page.js';
import { headerLines } from '../../lib/headers.js';
import { duration } from '../../lib/times.js';
import { useAction } from '../../state/resource.js';
import { setQuery, useQuery } from '../../state/router.js';
import { typeOf } from './health.js';
import { takeTest, testAsked } from './test_now.js';

const SAMPLES = ['OBD', 'C2C'];

/** Sends a test and shows its result. The sample is in the address (`?test=`), which also scrolls to this panel. */
export function Trial({ webhook }) {
  const { test } = useQuery();
  const place = useRef(null);
  const answer = useRef(null);
  const [result, setResult] = useState(null);
  const { busy, error, run } = useAction();
  const sample = SAMPLES.includes(test) ? test : 'OBD';
  const send = () => run(async () => {
    setResult(null);
    setResult(await call('testWebhook', { params: { id: webhook.id }, body: { sample } }));
  });
  const asked = useSignal(testAsked);
  useEffect(() => {
    if (takeTest(webhook.id)) send();
  }, [asked, webhook.id]);
  useEffect(() => {
    if (result || error) answer.current?.scrollIntoView({ block: 'nearest' });
  }, [result, error]);
  useEffect(() => {
    if (!test) return;
    place.current.scrollIntoView({ block: 'center' });
    place.current.querySelector('button')?.focus({ preventScroll: true });
  }, [Boolean(test)]);
  return html`
    <div ref=${place}>
      <${Panel} title=${t('webhook.trial.title')}>
        <div class="stack">
          <p class="muted">${t('webhook.trial.lead')}</p>
          <div class="webhook-line">
            <${SelectField} label=${t('webhook.trial.sample')} value=${sample} onValue=${(value) => setQuery({ test: value })}
              options=${SAMPLES.map((name) => [name, t(`webhook.trial.samples.${name}`)])} />
            <${Button} icon="play" busy=${busy} onClick=${send}>${t(result || error ? 'webhook.trial.again' : 'webhook.trial.send')}<//>
            <span class="muted" role="status">${busy ? t('webhook.trial.sending') : ''}</span>
          </div>
          ${webhook.status !== 'active' && html`<p class="muted small">${t('webhook.trial.paused')}</p>`}
          <div ref=${answer} class="stack webhook-answer">
            <${ErrorNote} error=${error} retry=${send} />
            ${result && html`<${Result} result=${result} isOpen=${webhook.health.circuit !== 'closed'} />`}
          </div>
        </div>
      <//>
    </div>`;
}

function Result({ result, isOpen }) {
  const { taken, meaning, status_code: code, error, latency_ms: latency, request, address, id, response, response_headers: headers } = result;
  const shownHeaders = headerLines(headers);
  return html`
    <div class="stack" role="status">
      <${Note} kind=${taken ? 'good' : 'failed'}><strong>${t(taken ? 'webhook.trial.accepted' : 'webhook.trial.refused')}</strong>: ${meaning}<//>
      ${taken && isOpen && html`<p class="muted small">${t('webhook.trial.circuit')}</p>`}
      <${Facts} of=${[
        [t('webhook.trial.status'), code ?? (error && t('webhook.health.noAnswer', { type: typeOf(error) }))],
        [t('webhook.trial.latency'), duration(latency)],
        [t('webhook.trial.request'), request && html`<span class="mono">${request.method} ${request.url}</span>`],
        [t('webhook.trial.address'), address && html`<span class="mono">${address}</span>`],
        [t('webhook.trial.id'), html`<span class="mono">${id}</span>`],
      ]} />
      ${shownHeaders && html`<${Code} text=${shownHeaders} name=${t('webhook.trial.headers')} />`}
      ${response?.text && html`<${Code} text=${response.text} name=${t('webhook.trial.response')} json wrap />`}
      ${response?.base64 && html`<${Code} text=${response.base64} name=${t('webhook.trial.binary')} wrap />`}
      ${code !== undefined && !response?.text && !response?.base64 && html`<p class="muted">${t('webhook.trial.withoutBody')}</p>`}
    </div>`;
}
