import { html, useEffect, useRef, useState } from '../lib/html.js';
import { useSignal } from '../lib/signal.js';
import { t } from '../texts/index.js';
import { theme } from '../state/theme.js';
import { zone } from '../state/session.js';
import { bucketTitle } from './chart_labels.js';

/** Loads the drawing code. uPlot formats numbers in the browser's language while it loads, and without a system locale that is invalid (`en-US@posix`). */
function loadPlot() {
  try {
    Intl.getCanonicalLocales(navigator.language);
  } catch {
    Object.defineProperty(navigator, 'language', { value: 'en', configurable: true });
  }
  return import('./chart_plot.js');
}

/**
 * A chart over time. `kind` is `bars` (stacked) or `lines`; `times` are the instants (milliseconds) at which its buckets begin, `step`
 * is how long each is (`hour` or `day`). `series` are `{ name, title, values, total }`: `name` decides the colour (`delivered`, `failed`,
 * `skipped`, `p50`, `p95`), `dash` breaks a line, `total` is shown beside the title while no bucket is chosen. `format` writes a value, `axisText`
 * one at the axis. Keep `times` and `series` the same objects (`useMemo`) while they do not change. `empty` says why the chart is empty. Charts with the same `sync` share a crosshair.
 */
export function Chart({ label, kind, step, times, series, format = String, axisText = format, empty, sync }) {
  const host = useRef(null);
  const plot = useRef(null);
  const [index, setIndex] = useState(null);
  const [hasFailed, setFailed] = useState(false);
  const chosenTheme = useSignal(theme);
  const isEmpty = !series.some(({ values }) => values.some((value) => value));
  const model = { kind, step, zone: zone(), times, series, axisText, sync };
  const latest = useRef(model);
  latest.current = model;
  useEffect(() => {
    if (isEmpty) return undefined;
    let isGone = false;
    loadPlot().then(({ Plot }) => {
      if (!isGone) plot.current = new Plot(host.current, latest.current, setIndex);
    }, () => setFailed(true));
    return () => {
      isGone = true;
      plot.current?.destroy();
      plot.current = null;
    };
  }, [kind, isEmpty]);
  useEffect(() => plot.current?.update(latest.current), [times, series]);
  useEffect(() => plot.current?.recolour(), [chosenTheme]);
  const shown = index !== null && index < times.length ? index : null;
  const move = (event) => {
    const steps = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!steps) return;
    event.preventDefault();
    plot.current?.moveTo(Math.min(Math.max((shown ?? (steps > 0 ? -1 : times.length)) + steps, 0), times.length - 1));
  };
  return html`
    <figure class="chart" aria-label=${label}>
      <${Legend} series=${series} kind=${kind} index=${shown} title=${shown === null ? '' : bucketTitle(times[shown], step, zone())} format=${format} />
      ${isEmpty && html`<div class="plot none"><p>${empty}</p></div>`}
      ${!isEmpty && !hasFailed && html`<div class="plot" ref=${host} role="img" aria-label=${t('chart.hint', { label })} tabindex="0" onKeyDown=${move} onBlur=${() => plot.current?.moveTo(null)} />`}
      ${!isEmpty && html`<${Numbers} label=${label} step=${step} times=${times} series=${series} format=${format} isSeen=${hasFailed} />`}
    </figure>`;
}

/** The names of the series, with the numbers of the bucket below the crosshair. */
const Legend = ({ series, kind, index, title, format }) => html`
  <figcaption class="legend" aria-hidden="true">
    ${series.map(({ name, title, dash, values, total }) => html`
      <span key=${name} class="entry"><span class=${`swatch ${kind} ${name} ${dash ? 'dash' : ''}`} />${title}
        <b>${valueText(index === null ? total : values[index], format)}</b></span>`)}
    <span class="when">${title}</span>
  </figcaption>`;

const valueText = (value, format) => (value === undefined ? '' : value === null ? '–' : format(value));

/** The numbers of the chart as a table: for screen readers, and for all if the drawing failed to load. */
const Numbers = ({ label, step, times, series, format, isSeen }) => html`
  <div class=${isSeen ? 'table-wrap' : 'sr'} tabindex=${isSeen ? '0' : undefined}>
    <table class="table">
      <caption class="sr">${label}</caption>
      <thead><tr><th scope="col">${t(`chart.${step}`)}</th>${series.map(({ name, title }) => html`<th key=${name} scope="col">${title}</th>`)}</tr></thead>
      <tbody>${times.map((at, index) => html`
        <tr key=${at}><th scope="row">${bucketTitle(at, step, zone())}</th>${series.map(({ name, values }) => html`<td key=${name}>${valueText(values[index] ?? null, format)}</td>`)}</tr>`)}</tbody>
    </table>
  </div>`;
