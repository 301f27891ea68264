import { html, useMemo } from '../lib/html.js';
import { countText, shortCount } from '../lib/numbers.js';
import { t } from '../texts/index.js';
import { Chart } from './chart.js';

/** Deliveries by outcome, a bar for each bucket (`lib/figures.js`); charts with the same `sync` share their crosshair. */
export function OutcomeChart({ buckets, step, total, sync }) {
  const [times, series] = useMemo(() => [
    buckets.map(({ at }) => at),
    ['delivered', 'failed', 'skipped'].map((name) => ({ name, title: t(`overview.${name}`), values: buckets.map((bucket) => bucket[name]), total: total[name] })),
  ], [buckets]);
  return html`<${Chart} label=${t(step === 'hour' ? 'overview.perHour' : 'overview.perDay')} kind="bars" step=${step} times=${times} series=${series}
    format=${countText} axisText=${shortCount} empty=${t('overview.noDeliveries')} sync=${sync} />`;
}
