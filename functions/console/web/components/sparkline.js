import { html } from '../lib/html.js';

const [SLOT, BAR, HEIGHT] = [4, 3, 20];

/** Small bars of the deliveries per hour, with the failed ones on top. `label` describes them in words. */
export function Sparkline({ delivered, failed, label }) {
  const highest = Math.max(...delivered.map((count, hour) => count + failed[hour]), 1);
  const heightOf = (count) => (count ? Math.max((count / highest) * (HEIGHT - 3), 2) : 0);
  const hours = delivered.map((count, hour) => ({ x: hour * SLOT, below: heightOf(count), above: heightOf(failed[hour]) }));
  const bars = (foot, height) => hours.filter((hour) => height(hour)).map((hour) => `M${hour.x} ${HEIGHT - foot(hour)}h${BAR}v${-height(hour)}h${-BAR}z`).join('');
  return html`
    <svg class="spark" viewBox=${`0 0 ${delivered.length * SLOT} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label=${label}><title>${label}</title>
      <path class="base" d=${bars(() => 0, () => 1)} />
      <path class="delivered" d=${bars(() => 0, ({ below }) => below)} />
      <path class="failed" d=${bars(({ below }) => below, ({ above }) => above)} />
    </svg>`;
}
