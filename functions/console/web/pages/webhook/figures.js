import { html } from '../../lib/html.js';
import { t } from '../../texts/index.js';
import { call } from '../../api/client.js';
import { ErrorNote } from '../../components/note.js';
import { Panel } from '../../components/page.js';
import { Skeleton } from '../../components/skeleton.js';
import { duration } from '../../lib/times.js';
import { useResource } from '../../state/resource.js';
import { lastHours, shareText, sumsOf } from './figures_sums.js';

const DAY_MS = 86_400_000;
const rows = ['delivered', 'failed', 'skipped', 'success_rate', 'attempts', 'failed_attempts', 'p50', 'p95'];

/** The figures of a webhook: the last 24 hours and the last seven days. */
export function Figures({ webhook }) {
  const load = (signal) => call('readFigures', { params: { id: webhook.id }, query: { from: new Date(Date.now() - 7 * DAY_MS).toISOString() }, signal });
  const { data, error, reload } = useResource(load, [webhook.id], { every: 60_000 });
  const day = data && lastHours(data.data, 24);
  return html`
    <${Panel} title=${t('webhook.figures.title')} flush>
      ${error && !data && html`<div class="body"><${ErrorNote} error=${error} retry=${reload} /></div>`}
      ${!data && !error && html`<div class="body"><${Skeleton} lines=${rows.length} /></div>`}
      ${data && html`
        ${/* CHART: import { OutcomeChart } from '../../components/chart.js' and show <${OutcomeChart} hours=${day} /> here, in a `.body`. */ null}
        <${Sums} day=${sumsOf(day)} week=${sumsOf(data.data)} />
        <p class="table-foot">${t('webhook.figures.hint')}</p>`}
    <//>`;
}

const number = new Intl.NumberFormat('en');

function shown(name, sums) {
  const value = sums[name];
  if (value === null) return t('webhook.figures.none');
  if (name === 'success_rate') return shareText(value);
  return name === 'p50' || name === 'p95' ? duration(value) : number.format(value);
}

const Sums = ({ day, week }) => html`
  <table class="table webhook-figures">
    <caption class="sr">${t('webhook.figures.title')}</caption>
    <thead><tr>
      <th scope="col">${t('webhook.figures.measure')}</th>
      <th scope="col" class="right">${t('webhook.figures.day')}</th>
      <th scope="col" class="right">${t('webhook.figures.week')}</th>
    </tr></thead>
    <tbody>${rows.map((name) => html`
      <tr key=${name}><th scope="row">${t(`webhook.figures.${name}`)}</th><td class="right">${shown(name, day)}</td><td class="right">${shown(name, week)}</td></tr>`)}</tbody>
  </table>`;
