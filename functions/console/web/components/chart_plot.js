// Draws a chart with uPlot. A separate module, so that uPlot is loaded with the first chart.
import uPlot from 'uplot';
import { ticksOf, valueSteps } from './chart_labels.js';

/** The custom property of each series' colour. */
const colours = { delivered: '--delivered-mark', failed: '--failed-mark', skipped: '--skipped-mark', p50: '--accent', p95: '--muted' };
const LABEL_WIDTH = 56;
const THINNEST_BAR = 2;

const colour = (property) => getComputedStyle(document.documentElement).getPropertyValue(property).trim();

/**
 * A plot in `element`. `model` is `{ kind, step, zone, times, series, axisText, sync }`; `onIndex` gets the index of the
 * bucket below the crosshair, or `null`. The x axis counts buckets, so a day of 23 hours is as wide as any other.
 */
export class Plot {
  constructor(element, model, onIndex) {
    this.element = element;
    this.model = model;
    this.onIndex = onIndex;
    this.uplot = new uPlot(this.options(), this.data(), element);
    this.observer = new ResizeObserver(() => this.resize());
    this.observer.observe(element);
    this.scheme = matchMedia('(prefers-color-scheme: dark)');
    this.recolour = () => this.uplot.redraw(false, true);
    this.scheme.addEventListener('change', this.recolour);
  }

  /** Replaces the numbers. The kind of the chart stays. */
  update(model) {
    this.model = model;
    this.uplot.setData(this.data());
  }

  /** Moves the crosshair to a bucket, or hides it (`null`). */
  moveTo(index) {
    const left = index === null ? -10 : this.uplot.valToPos(index, 'x');
    this.uplot.setCursor({ left, top: index === null ? -10 : 10 });
  }

  destroy() {
    this.observer.disconnect();
    this.scheme.removeEventListener('change', this.recolour);
    this.uplot.destroy();
  }

  resize() {
    const { clientWidth: width, clientHeight: height } = this.element;
    if (width && height) this.uplot.setSize({ width, height });
  }

  data() {
    const { times, series } = this.model;
    return [times.map((_, index) => index), ...series.map(({ values }) => values)];
  }

  options() {
    const isBars = this.model.kind === 'bars';
    const font = `12px ${getComputedStyle(document.body).fontFamily}`;
    const axis = { font, stroke: () => colour('--muted'), ticks: { show: false } };
    return {
      width: this.element.clientWidth || 300,
      height: this.element.clientHeight || 200,
      padding: [8, 20, 0, 0],
      legend: { show: false },
      cursor: {
        y: false,
        drag: { x: false, y: false },
        points: { show: !isBars, size: 8 },
        move: (plot, left, top) => (left < 0 ? [left, top] : [plot.valToPos(this.nearest(plot, left), 'x'), top]),
        sync: this.model.sync ? { key: this.model.sync, setSeries: false } : undefined,
      },
      scales: {
        x: { time: false, range: () => [-0.5, this.model.times.length - 0.5] },
        y: { range: () => [0, this.top()] },
      },
      axes: [
        { ...axis, size: 24, gap: 6, grid: { show: false }, splits: (plot) => this.ticks(plot).map(([index]) => index), values: (plot) => this.ticks(plot).map(([, text]) => text) },
        { ...axis, size: 56, gap: 6, incrs: valueSteps, space: 28, grid: { stroke: () => colour('--border'), width: 1 }, values: (_, splits) => splits.map((value) => this.model.axisText(value)) },
      ],
      series: [{}, ...this.model.series.map(({ name, dash }) => seriesOf(name, dash, isBars))],
      hooks: {
        drawAxes: isBars ? [(plot) => this.drawBars(plot)] : [],
        setCursor: [(plot) => this.onIndex(plot.cursor.idx ?? null)],
      },
    };
  }

  nearest(plot, left) {
    return Math.min(Math.max(Math.round(plot.posToVal(left, 'x')), 0), this.model.times.length - 1);
  }

  ticks(plot) {
    const { times, step, zone } = this.model;
    return ticksOf(times, step, zone, Math.floor(plot.bbox.width / devicePixelRatio / LABEL_WIDTH));
  }

  /** The end of the value axis: a little more than the highest stack or point. */
  top() {
    const { kind, times, series } = this.model;
    const heights = times.map((_, index) => {
      const values = series.map(({ values }) => values[index] ?? 0);
      return kind === 'bars' ? values.reduce((sum, value) => sum + value, 0) : Math.max(...values);
    });
    return Math.max(...heights, 1) * 1.08;
  }

  /** Stacks the series in each bucket. A few failures among thousands of deliveries still show, as a thin line. */
  drawBars(plot) {
    const { ctx, bbox } = plot;
    const slot = bbox.width / this.model.times.length;
    const width = Math.max(Math.min(slot * 0.72, 40 * devicePixelRatio), 1);
    const base = plot.valToPos(0, 'y', true);
    const perUnit = base - plot.valToPos(1, 'y', true);
    const tones = this.model.series.map(({ name }) => colour(colours[name]));
    ctx.save();
    for (const index of this.model.times.keys()) {
      const left = plot.valToPos(index, 'x', true) - width / 2;
      let bottom = base;
      for (const [place, { values }] of this.model.series.entries()) {
        if (!values[index]) continue;
        const height = Math.max(values[index] * perUnit, THINNEST_BAR * devicePixelRatio);
        ctx.fillStyle = tones[place];
        ctx.fillRect(Math.round(left), Math.round(bottom - height), Math.round(width), Math.round(bottom) - Math.round(bottom - height));
        bottom -= height;
      }
    }
    ctx.restore();
  }
}

function seriesOf(name, dash, isBars) {
  if (isBars) return { paths: () => null, points: { show: false } };
  const stroke = () => colour(colours[name]);
  return { stroke, width: 2, dash: dash ? [6, 4] : undefined, points: { show: true, size: 5, stroke, fill: stroke, width: 0 } };
}
