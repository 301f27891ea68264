import { html, useState } from '../../lib/html.js';
import { t } from '../../texts/index.js';
import { call } from '../../api/client.js';
import { Button } from '../../components/button.js';
import { Note, sentenceOf } from '../../components/note.js';
import { useAction } from '../../state/resource.js';
import { canBeResent, resendAll } from './report.js';
import { shortId } from '../../lib/ids.js';

/** Sends all failed and skipped deliveries of a report again. Returns the button, and a note with the result. */
export function useResendFailed(deliveries, names, reload) {
  const [outcome, setOutcome] = useState(null);
  const { busy, run } = useAction();
  const failed = deliveries.filter(canBeResent);
  const send = () => run(async () => {
    setOutcome(null);
    setOutcome(await resendAll(failed, ({ id }) => call('resendDelivery', { params: { id } })));
    reload();
  });
  const button = failed.length > 0 && html`
    <${Button} kind="primary" icon="play" busy=${busy} onClick=${send}>${t(textOf(failed), { count: failed.length })}<//>`;
  return { button, note: outcome && html`<${Outcome} outcome=${outcome} names=${names} />` };
}

const textOf = (deliveries) => {
  if (deliveries.every(({ status }) => status === 'failed')) return 'report.resendFailed';
  return deliveries.every(({ status }) => status === 'skipped') ? 'report.resendSkipped' : 'report.resendBoth';
};

const nameOf = (delivery, names) => names.get(delivery.webhook_id) ?? shortId(delivery.webhook_id);

const Outcome = ({ outcome: { accepted, refused }, names }) => html`
  <${Note} kind=${refused.length ? 'failed' : ''}>
    ${accepted > 0 && html`<p>${t('report.resent', { count: accepted })}</p>`}
    ${refused.length > 0 && html`<p>${t('report.notResent', { count: refused.length })}</p>
      <ul>${refused.map(({ delivery, error }) => html`<li key=${delivery.id}><strong>${nameOf(delivery, names)}</strong>: ${sentenceOf(error)}</li>`)}</ul>`}
  <//>`;
