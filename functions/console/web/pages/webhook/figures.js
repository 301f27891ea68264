import { html, useMemo } from '../../lib/html.js';
import { t } from '../../texts/index.js';
import { call } from '../../api/client.js';
import { ErrorNote } from '../../components/note.js';
import { OutcomeChart } from '../../components/outcome_chart.js';
import { Panel } from '../../components/page.js';
import { Skeleton } from '../../components/skeleton.js';
import { bucketsOf, fromOf, sumOf } from '../../lib/figures.js';
import { countText, percentText } from '../../lib/numbers.js';
import { duration } from '../../lib/times.js';
import { useResource } from '../../state/resource.js';
import { zone } from '../../state/session.js';

/** The rows of the table: the name of each text, and its value in a sum. */
const rows = [
  ['delivered', ({ delivered }) => countText(delivered)],
  ['failed', ({ failed }) => countText(failed)],
  ['skipped', ({ skipped }) => countText(skipped)],
  ['success_rate', ({ successRate }) => percentText(successRate)],
  ['attempts', ({ attempts }) => countText(attempts)],
  ['failed_attempts', ({ failedAttempts }) => countText(failedAttempts)],
  ['p50', ({ p50 }) => latencyText(p50)],
  ['p95', ({ p95 }) => latencyText(p95)],
];

const latencyText = (value) => (value === null ? '–' : duration(value));

/** The figures of a webhook: the last 24 hours and the last seven days. */
export function Figures({ webhook }) {
  const load = (signal) => call('readFigures', { params: { id: webhook.id }, query: { from: fromOf('7d') }, signal });
  const { data, error, reload } = useResource(load, [webhook.id], { every: 60_000 });
  const day = useMemo(() => data && bucketsOf(data.data, '24h', zone()), [data]);
  const sums = useMemo(() => data && { day: sumOf(data.data.slice(-24)), week: sumOf(data.data.slice(-7 * 24)) }, [data]);
  return html`
    <${Panel} title=${t('webhook.figures.title')} flush>
      ${error && !data && html`<div class="body"><${ErrorNote} error=${error} retry=${reload} /></div>`}
      ${!data && !error && html`<div class="body"><${Skeleton} lines=${rows.length} /></div>`}
      ${data && html`
        <div class="body"><${OutcomeChart} buckets=${day} step="hour" total=${sums.day} /></div>
        <${Sums} ...${sums} />
        <p class="table-foot">${t('webhook.figures.hint')}</p>`}
    <//>`;
}

const Sums = ({ day, week }) => html`
  <table class="table webhook-figures">
    <caption class="sr">${t('webhook.figures.title')}</caption>
    <thead><tr>
      <th scope="col">${t('webhook.figures.measure')}</th>
      <th scope="col" class="right">${t('webhook.figures.day')}</th>
      <th scope="col" class="right">${t('webhook.figures.week')}</th>
    </tr></thead>
    <tbody>${rows.map(([name, shown]) => html`
      <tr key=${name}><th scope="row">${t(`webhook.figures.${name}`)}</th><td class="right">${shown(day)}</td><td class="right">${shown(week)}</td></tr>`)}</tbody>
  </table>`;
