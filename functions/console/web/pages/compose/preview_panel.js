import { html } from '../../lib/html.js';
import { t } from '../../texts/index.js';
import { curlOfRequest } from '../../lib/curl.js';
import { headerLines } from '../../lib/headers.js';
import { Code } from '../../components/code.js';
import { Copy } from '../../components/copy.js';
import { ErrorNote } from '../../components/note.js';
import { Panel } from '../../components/page.js';
import { Skeleton } from '../../components/skeleton.js';
import { linkTo, place } from '../../state/router.js';
import { useSignal } from '../../lib/signal.js';
import { ProblemsList } from './problems_list.js';

const TABS = ['request', 'curl', 'test'];

/** The tab of the panel that the address names. */
export const tabOf = ({ show }) => (TABS.includes(show) ? show : 'request');

/** The rendered request, also as a `curl` line, and the test, with the problems above. `mask` hides phone numbers. */
export function PreviewPanel({ mask, preview, problems, warnings, hasUrl, select, chooser, test }) {
  const { path, query } = useSignal(place);
  const tab = tabOf(query);
  const { request, error, loading, again, isStale } = preview;
  return html`
    <${Panel} title=${t('compose.preview.title')} actions=${select}>
      ${chooser}
      <nav class="tabs" aria-label=${t('compose.preview.tabsLabel')}>
        ${TABS.map((name) => html`
          <a href=${linkTo(path, { ...query, show: name === 'request' ? undefined : name })} aria-current=${name === tab ? 'page' : undefined}>${t(`compose.preview.tabs.${name}`)}</a>`)}
        <span class="muted small" role="status">${loading ? t('compose.preview.updating') : ''}</span>
      </nav>
      <div class="stack">
        ${tab !== 'test' && html`<${ProblemsList} problems=${problems} warnings=${[]} />`}
        ${tab === 'test' ? test : html`
          <${ErrorNote} error=${error} retry=${again} />
          ${request && isStale && html`<p class="muted">${t('compose.preview.stale')} ${problems.length ? t('compose.preview.staleOwn') : ''}</p>`}
          ${request && html`
            <div class=${`request ${isStale ? 'stale' : ''}`}>
              ${tab === 'curl' ? html`<${Curl} request=${request} mask=${mask} />`
                : html`<${Request} request=${request} mask=${mask} />`}
            </div>`}
          ${warnings.length > 0 && html`<${ProblemsList} problems=${[]} warnings=${warnings} />`}
          ${!request && !hasUrl && html`<p class="muted">${t('compose.preview.needsUrl')}</p>`}
          ${!request && hasUrl && !error && !problems.length && html`<${Skeleton} lines=${6} />`}
          ${request && html`<p class="muted small">${t('compose.preview.secretsNote')}</p>`}`}
      </div>
    <//>`;
}

const Masked = ({ text, hide, ...rest }) => html`<${Code} text=${hide(text)} original=${text} wrap ...${rest} />`;

function Curl({ request, mask }) {
  const hide = () => mask.text(curlOfRequest({ ...request, body: request.body && mask.body(request.body) }));
  return html`<${Masked} text=${curlOfRequest(request)} hide=${hide} name=${t('compose.preview.curlName')} />`;
}

const Request = ({ request: { method, url, headers, body }, mask }) => html`
  <div class="stack request-parts">
    <div class="request-line"><strong class="method">${method}</strong><code class="anywhere" tabindex="0">${mask.text(url)}</code>
      ${mask.text(url) === url && html`<${Copy} text=${url} what=${t('compose.form.url')} />`}</div>
    <${Masked} text=${headerLines(headers)} hide=${mask.text} name=${t('compose.preview.headers')} />
    ${body === null ? html`<p class="muted">${t('compose.preview.withoutBody')}</p>`
      : html`<${Masked} text=${body} hide=${mask.body} name=${t('compose.preview.body')} json />`}
  </div>`;
