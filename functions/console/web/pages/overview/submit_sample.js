import { call, curlOf } from '../../api/client.js';
import { html } from '../../lib/html.js';
import { t } from '../../texts/index.js';
import { Button, ButtonLink } from '../../components/button.js';
import { Code } from '../../components/code.js';
import { ErrorNote } from '../../components/note.js';
import { useAction } from '../../state/resource.js';
import { go, linkTo, place } from '../../state/router.js';
import { can, zone } from '../../state/session.js';
import { SAMPLE, newCallId, sampleOf, waitFor } from './sample_report.js';

/** The number of lookups: a report is in the log within some seconds. */
const TRIES = 10;
const pause = () => new Promise((done) => setTimeout(done, 1000));

/** Submits a sample report for a webhook, waits until the log has it, then opens its page. A key that may not submit gets a link to the reports. */
export function SubmitSample({ webhook }) {
  const { busy, error, run } = useAction();
  if (!can('reports:write')) return html`<${ButtonLink} href=${linkTo('/reports')}>${t('overview.guide.toReports')}<//>`;
  const submit = () => run(async () => {
    const from = place.get().path;
    const { id } = await call('handOverReports', { body: sampleOf({ webhookId: webhook.id, callId: newCallId(), now: Date.now(), zone: zone() }) });
    const isThere = async () => (await call('searchReports', { query: { limit: 10 } })).data.some((row) => row.id === id);
    await waitFor(isThere, { tries: TRIES, pause });
    // The reader may have opened another page meanwhile.
    if (place.get().path === from) go(`/reports/${id}`);
  });
  const curl = curlOf('handOverReports', { body: { webhook_id: webhook?.id ?? 'WEBHOOK_ID', ...SAMPLE } });
  return html`
    ${webhook && html`
      <div class="buttons">
        <${Button} kind="primary" icon="play" busy=${busy} onClick=${submit}>${t('overview.guide.submit')}<//>
        <span class="muted" role="status">${busy ? t('overview.guide.waiting') : ''}</span>
      </div>`}
    <${ErrorNote} error=${error} retry=${submit} />
    <details class="with-api"><summary>${t('overview.guide.withApi')}</summary><${Code} text=${curl} name="curl" wrap /></details>`;
}
