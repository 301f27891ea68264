import { html, useMemo } from '../../lib/html.js';
import { t } from '../../texts/index.js';
import { bucketsOf, minutesPastHour, ranges, totalOf } from '../../lib/figures.js';
import { countText, percentText } from '../../lib/numbers.js';
import { duration } from '../../lib/times.js';
import { Chart } from '../../components/chart.js';
import { OutcomeChart } from '../../components/outcome_chart.js';
import { Panel } from '../../components/page.js';
import { Skeleton } from '../../components/skeleton.js';
import { zone } from '../../state/session.js';

const latencyText = (value) => (value === null ? '–' : duration(value));

/** The sums of a range in a row. Their height is reserved before the values are loaded. */
export function Totals({ range, reading: { data, error } }) {
  const accountZone = zone();
  const total = useMemo(() => data && totalOf(data.hours, range, accountZone), [data, accountZone]);
  const isMissing = Boolean(error && !data);
  return html`
    <section class="panel totals" aria-label=${t('overview.figures')} aria-busy=${total || error ? undefined : 'true'}>
      <${Total} isMissing=${isMissing} name="delivered" value=${total && countText(total.delivered)} />
      <${Total} isMissing=${isMissing} name="failed" tone=${total?.failed ? 'failed' : ''} value=${total && countText(total.failed)} />
      <${Total} isMissing=${isMissing} name="skipped" value=${total && countText(total.skipped)} />
      <${Total} isMissing=${isMissing} name="successRate" hint=${t('overview.rateHint')} value=${total && percentText(total.successRate)} />
      <${Total} isMissing=${isMissing} name="attempts" value=${total && countText(total.attempts)} more=${total && t('overview.failedAttempts', { attempts: countText(total.failedAttempts) })} />
      <${Total} isMissing=${isMissing} name="p50" hint=${t('overview.estimate')} value=${total && latencyText(total.p50)} />
      <${Total} isMissing=${isMissing} name="p95" hint=${t('overview.estimateTail')} value=${total && latencyText(total.p95)} />
    </section>`;
}

/** Deliveries and latency of a range per hour or day; nothing while the figures cannot be read. */
export function Charts({ range, reading: { data, error } }) {
  const [{ step }, accountZone] = [ranges[range], zone()];
  const total = useMemo(() => data && totalOf(data.hours, range, accountZone), [data, accountZone]);
  const buckets = useMemo(() => data && bucketsOf(data.hours, range, accountZone), [data, accountZone]);
  const minutes = minutesPastHour(accountZone);
  if (error && !data) return null;
  return html`
    <${Panel} title=${t(step === 'hour' ? 'overview.perHour' : 'overview.perDay')}>
      ${buckets ? html`<${OutcomeChart} buckets=${buckets} step=${step} total=${total} sync="overview" />` : html`<${ChartSkeleton} />`}
    <//>
    <${Panel} title=${t(step === 'hour' ? 'overview.latencyPerHour' : 'overview.latencyPerDay')}>
      ${buckets ? html`<${Latencies} buckets=${buckets} step=${step} total=${total} />` : html`<${ChartSkeleton} />`}
      ${minutes > 0 && html`<p class="muted"><small>${t('overview.halfHours', { zone: accountZone, minutes })}</small></p>`}
    <//>`;
}

const ChartSkeleton = () => html`<div class="chart-skeleton"><${Skeleton} lines=${4} /></div>`;

const Total = ({ name, value, more, hint, isMissing, tone = '' }) => html`
  <div class="figure" title=${hint}>
    <span class="label">${t(`overview.${name}`)}${more && html` · ${more}`}</span>
    <span class=${`value ${tone}`}>${value ?? (isMissing ? '–' : html`<span class="skeleton" />`)}</span>
  </div>`;

function Latencies({ buckets, step, total }) {
  const [times, series] = useMemo(() => [
    buckets.map(({ at }) => at),
    ['p50', 'p95'].map((name) => ({ name, title: name, dash: name === 'p95', values: buckets.map((bucket) => bucket[name]), total: total[name] })),
  ], [buckets]);
  return html`<${Chart} label=${t(step === 'hour' ? 'overview.latencyPerHour' : 'overview.latencyPerDay')} kind="lines" step=${step} times=${times} series=${series}
    format=${latencyText} empty=${t('overview.noAttempts')} sync="overview" />`;
}
