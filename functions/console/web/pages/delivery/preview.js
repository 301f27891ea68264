import { html, useState } from '../../lib/html.js';
import { t } from '../../texts/index.js';
import { call, curlOf } from '../../api/client.js';
import { Button } from '../../components/button.js';
import { Code } from '../../components/code.js';
import { ErrorNote, Note } from '../../components/note.js';
import { Panel } from '../../components/page.js';
import { curlOfRequest } from '../../lib/curl.js';
import { headerLines } from '../../lib/headers.js';
import { useAction } from '../../state/resource.js';

/** The request of a delivery with the webhook's current settings. The log has only the method and URL of the sent request. */
export function RequestNow({ delivery, mask }) {
  const [request, setRequest] = useState(null);
  const { busy, error, run } = useAction();
  const bodyText = `{"webhook_id":${JSON.stringify(delivery.webhook_id)},"report":${delivery.text}}`;
  const curl = curlOf('previewWebhook', { bodyText });
  const render = () => run(async () => setRequest(await call('previewWebhook', { bodyText })));
  const action = html`<${Button} kind="small" busy=${busy} onClick=${render}>${t(request ? 'delivery.renderAgain' : 'delivery.render')}<//>`;
  return html`
    <${Panel} title=${t('delivery.requestNow')} actions=${action}>
      <p class="muted">${t('delivery.requestNotKept')}</p>
      ${error && html`<${ErrorNote} error=${error} retry=${render} />`}
      ${request && html`<${Rendered} request=${request} delivery=${delivery} mask=${mask} />`}
      ${!request && error && html`<${Code} name=${t('common.withCurl')} text=${mask.text(curl)} original=${curl} wrap />`}
    <//>`;
}

function Rendered({ request, delivery, mask }) {
  const masked = (text) => ({ text: mask.text(text), original: text });
  const headers = headerLines(request.headers);
  const id = request.headers['webhook-id'];
  return html`
    <div class="stack rendered">
      <${Note}>${t('delivery.asNow')}${id && id !== delivery.report_id && html` ${t('delivery.otherId', { id: delivery.report_id })}`}<//>
      ${request.warnings?.length > 0 && html`
        <${Note} kind="warning"><ul>${request.warnings.map(({ field, message }) => html`<li><code>${field}</code> ${message}</li>`)}</ul><//>`}
      <${Code} name=${t('delivery.requestLine')} ...${masked(`${request.method} ${request.url}`)} wrap />
      <${Code} name=${t('delivery.requestHeaders')} ...${masked(headers)} wrap />
      ${request.body ? html`<${Code} name=${t('delivery.requestBody')} text=${mask.body(request.body)} original=${request.body} json wrap />`
        : html`<p class="muted">${t('delivery.withoutBody')}</p>`}
      <${Code} name="curl" text=${mask.text(curlOfRequest({ ...request, body: request.body && mask.body(request.body) }))} original=${curlOfRequest(request)} wrap />
    </div>`;
}
