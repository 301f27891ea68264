import { html } from '../../lib/html.js';
import { t } from '../../texts/index.js';
import { Icon } from '../../components/icon.js';
import { Id } from '../../components/id.js';
import { Facts, Panel } from '../../components/page.js';
import { PhoneNumber } from '../../components/phone_number.js';
import { Time } from '../../components/time.js';
import { webUrl } from '../../lib/urls.js';
import { callFacts, textOf } from './report.js';

const number = (report, name) => (textOf(report, name) === undefined ? undefined : html`<${PhoneNumber} value=${report[name]} />`);

/** The report's data about the call. `mask` hides its numbers, as in its JSON. */
export function CallFacts({ id, receivedAt, report, mask }) {
  const fact = (name) => {
    const text = textOf(report, name);
    return text && mask.text(text);
  };
  const recording = webUrl(report.recording_url);
  const link = recording && html`
    <a href=${recording} target="_blank" rel="noreferrer noopener" class="recording">${mask.text(recording)}<${Icon} name="external" /></a>`;
  return html`
    <${Panel} title=${t('report.call')}>
      <${Facts} of=${[
        [t('report.from'), number(report, 'from')],
        [t('report.to'), number(report, 'to')],
        [t('report.bridge'), number(report, 'bridge')],
        ...callFacts.map((name) => [t(`report.facts.${name}`), fact(name)]),
        [t('report.recording'), link],
        [t('report.receivedAt'), html`<${Time} at=${receivedAt} />`],
        [t('report.id'), html`<${Id} value=${id} what=${t('report.id')} />`],
      ]} />
    <//>`;
}
