import { html } from '../../lib/html.js';
import { t } from '../../texts/index.js';
import { curlOf } from '../../api/client.js';
import { Button, ButtonLink } from '../../components/button.js';
import { Empty } from '../../components/empty.js';
import { ErrorNote, sentenceOf } from '../../components/note.js';
import { Panel } from '../../components/page.js';
import { linkTo } from '../../state/router.js';
import { account, isPlatform, onlyWebhook } from '../../state/session.js';

const CAUSES = ['soon', 'quota', 'old', 'webhooksDeleted', 'neverAccepted', 'deadLetter'];

/** Causes that only the platform can investigate. */
const OF_PLATFORM = ['quota', 'deadLetter'];

/** The page of a report that is not in the log: the possible causes, and advice for each. */
export function MissingReport({ id, error, retry }) {
  if (error.kind !== 'not-found') return html`<${ErrorNote} error=${error} retry=${retry} />`;
  const isErased = /\berased\b/.test(error.problem?.detail ?? '');
  const days = account()?.retention_days;
  const causes = [...CAUSES.filter((cause) => isPlatform() || !OF_PLATFORM.includes(cause)), ...(onlyWebhook() ? ['otherWebhook'] : [])];
  const list = html`
    <table class="causes">
      <thead><tr><th scope="col">${t('report.because')}</th><th scope="col">${t('report.then')}</th></tr></thead>
      <tbody>${causes.map((cause) => html`
        <tr key=${cause}><td>${t(`report.causes.${cause}`, { days: days ?? 30 })}</td><td>${t(`report.cures.${cause}`, { id })}</td></tr>`)}</tbody>
    </table>`;
  const action = html`
    ${!isErased && list}
    <div class="buttons">
      ${!isErased && html`<${Button} kind="primary" onClick=${retry}>${t('common.retry')}<//>`}
      <${ButtonLink} href=${linkTo('/reports')}>${t('report.search')}<//>
    </div>`;
  const title = t(isErased ? 'report.wasErased' : 'report.missing');
  const text = isErased ? sentenceOf(error) : t('report.missingLead');
  const curl = isErased ? undefined : curlOf('readReport', { params: { id } });
  return html`<${Panel} flush><${Empty} title=${title} text=${text} action=${action} curl=${curl} /><//>`;
}
