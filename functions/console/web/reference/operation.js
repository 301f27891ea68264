import { html } from '../lib/html.js';
import { t } from '../texts/index.js';
import { prettyJson } from '../lib/json.js';
import { Code } from '../components/code.js';
import { curlOf } from './curl.js';
import { contentOf, exampleOf, isOfPlatform } from './document.js';
import { Folded, Named, Schema } from './schema.js';
import { Text } from './text.js';

/** An operation: description and parameters at the left, request and response examples at the right. */
export function Operation({ document, operation, base }) {
  const { id, method, path, summary, description, parameters, body, answers } = operation;
  const content = contentOf(body);
  const success = answers.find(({ status }) => status.startsWith('2'));
  const example = exampleOf(contentOf(success));
  return html`
    <article class="operation" id=${id} aria-labelledby=${`${id}-title`}>
      <div class="description">
        <h3 id=${`${id}-title`}><a href=${`#${id}`}>${summary ?? id}</a></h3>
        <p class="route"><span class=${`method ${method.toLowerCase()}`}>${method}</span> <code>${path}</code></p>
        <p class="muted"><${Needs} operation=${operation} /></p>
        ${description && html`<p><${Text} of=${description} /></p>`}
        ${parameters.length > 0 && html`
          <h4>${t('reference.parameters')}</h4>
          <ul class="fields">${parameters.map((parameter) => html`
            <${Named} key=${`${parameter.in} ${parameter.name}`} document=${document} name=${parameter.name} schema=${parameter.schema} required=${parameter.required}
              description=${parameter.description} place=${t(isOfPlatform(parameter) ? 'reference.in.platform' : `reference.in.${parameter.in}`)} />`)}</ul>`}
        ${content && html`<h4>${t('reference.body')}</h4><${Schema} document=${document} schema=${content.schema} />`}
        <h4>${t('reference.answers')}</h4>
        ${answers.map((answer) => html`<${Answer} key=${answer.status} document=${document} answer=${answer} />`)}
      </div>
      <div class="shown">
        <${Code} text=${curlOf(operation, base)} name=${t('reference.request')} wrap />
        ${example !== undefined && html`<${Code} text=${prettyJson(example)} name=${`${t('reference.answer')} ${success.status}`} />`}
      </div>
    </article>`;
}

function Needs({ operation: { needsKey, scopes } }) {
  if (!needsKey) return t('reference.noKey');
  if (!scopes.length) return t('reference.anyKey');
  return html`${t('reference.scope')} ${scopes.map((scope) => html`<code>${scope}</code> `)}`;
}

function Answer({ document, answer }) {
  const kind = { 2: 'delivered', 3: 'skipped' }[answer.status[0]] ?? 'failed square';
  const content = contentOf(answer);
  const headers = Object.entries(answer.headers ?? {});
  const title = html`<span class=${`status ${kind}`}>${answer.status}</span> <${Text} of=${answer.description} />`;
  return html`
    <${Folded} summary=${title}>
      ${headers.length > 0 && html`<ul class="fields">${headers.map(([name, header]) => html`
        <${Named} key=${name} document=${document} name=${name} schema=${header.schema} description=${header.description} place=${t('reference.in.header')} />`)}</ul>`}
      ${content && html`<p class="muted">${content.type}</p><${Schema} document=${document} schema=${content.schema} />`}
    <//>`;
}
