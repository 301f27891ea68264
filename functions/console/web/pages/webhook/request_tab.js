import { html } from '../../lib/html.js';
import { t } from '../../texts/index.js';
import { call } from '../../api/client.js';
import { ButtonLink } from '../../components/button.js';
import { Code } from '../../components/code.js';
import { SelectField } from '../../components/field.js';
import { ErrorNote, Note } from '../../components/note.js';
import { Facts, Panel } from '../../components/page.js';
import { Skeleton } from '../../components/skeleton.js';
import { headerLines } from '../../lib/headers.js';
import { prettyJson } from '../../lib/json.js';
import { useResource } from '../../state/resource.js';
import { linkTo, setQuery, useQuery } from '../../state/router.js';
import { can } from '../../state/session.js';

const SAMPLES = ['OBD', 'C2C'];

/** The request that a webhook composes: as saved, and as sent for a sample report (`?sample=`). */
export function RequestTab({ webhook }) {
  const { sample: asked } = useQuery();
  const sample = SAMPLES.includes(asked) ? asked : 'OBD';
  const load = (signal) => call('previewWebhook', { body: { webhook_id: webhook.id, sample }, signal });
  const { data: preview, error, reload } = useResource(load, [webhook.id, webhook.version, sample]);
  const compose = can('webhooks:write') && html`<${ButtonLink} kind="small" icon="edit" href=${linkTo(`/webhooks/${webhook.id}/compose`)}>${t('webhook.request.compose')}<//>`;
  return html`
    <div class="stack">
      ${preview?.warnings.length > 0 && html`<${Note} kind="warning">
        ${t('webhook.request.warnings', { count: preview.warnings.length })}
        <ul>${preview.warnings.map(({ field, message }) => html`<li><code>${field}</code> ${message}</li>`)}</ul><//>`}
      <div class="webhook-halves">
        <${Panel} title=${t('webhook.request.title')} actions=${compose}>
          <div class="stack">
            <p class="muted">${t('webhook.request.lead')}</p>
            <${Saved} webhook=${webhook} />
          </div>
        <//>
        <${Panel} title=${t('webhook.request.preview')}>
          <div class="stack">
            <p class="muted">${t('webhook.request.previewHint')}</p>
            <div class="webhook-line"><${SelectField} label=${t('webhook.trial.sample')} value=${sample} onValue=${(value) => setQuery({ sample: value })}
              options=${SAMPLES.map((name) => [name, t(`webhook.trial.samples.${name}`)])} /></div>
            <${ErrorNote} error=${error} retry=${reload} />
            ${preview ? html`<${Rendered} preview=${preview} />` : !error && html`<${Skeleton} lines=${8} />`}
          </div>
        <//>
      </div>
    </div>`;
}

function Saved({ webhook }) {
  const { method, url, headers = {}, body } = webhook;
  const names = Object.keys(headers);
  return html`
    <${Facts} of=${[[t('webhook.request.method'), html`<span class="mono">${method}</span>`]]} />
    <${Code} text=${url} name=${t('webhook.request.url')} wrap />
    ${names.length ? html`<${Code} text=${headerLines(headers)} name=${t('webhook.request.headers')} wrap />` : html`<p class="muted">${t('webhook.request.noHeaders')}</p>`}
    ${body && html`<${Code} text=${prettyJson(body.template)} name=${t('webhook.request.format', { format: body.format })} wrap />`}
    ${!body && html`<p class="muted">${t(method === 'GET' ? 'webhook.request.withoutBody' : 'webhook.request.defaultBody')}</p>`}`;
}

const Rendered = ({ preview: { method, url, headers, body } }) => html`
  <${Code} text=${`${method} ${url}`} name=${t('webhook.request.url')} wrap />
  <${Code} text=${headerLines(headers)} name=${t('webhook.request.headers')} wrap />
  ${body ? html`<${Code} text=${body} name=${t('webhook.request.body')} json wrap />` : html`<p class="muted">${t('webhook.request.emptyBody')}</p>`}`;
