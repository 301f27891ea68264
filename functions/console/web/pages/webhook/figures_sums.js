// Sums of hourly figures.

/** The last `hours` of figures, the current one included. */
export const lastHours = (figures, hours) => figures.slice(-hours);

const COUNTS = ['delivered', 'failed', 'skipped', 'attempts', 'failed_attempts'];

/** The sums of hours: counts, the share that was delivered (`null` if none ended), and estimates of latency. */
export function sumsOf(hours) {
  const sums = Object.fromEntries(COUNTS.map((name) => [name, hours.reduce((sum, hour) => sum + hour[name], 0)]));
  const ended = sums.delivered + sums.failed;
  const buckets = mergedBuckets(hours);
  return { ...sums, success_rate: ended ? sums.delivered / ended : null, p50: percentile(buckets, 0.5), p95: percentile(buckets, 0.95) };
}

function mergedBuckets(hours) {
  const counts = new Map();
  for (const { latency_ms: { buckets } } of hours) {
    for (const { le, count } of buckets) counts.set(le, (counts.get(le) ?? 0) + count);
  }
  return [...counts].map(([le, count]) => ({ le, count })).sort((a, b) => (a.le ?? Infinity) - (b.le ?? Infinity));
}

/** How long the fastest `share` took at most, as the API estimates it: those of a bucket are spread evenly over it. */
export function percentile(buckets, share) {
  const total = buckets.reduce((sum, { count }) => sum + count, 0);
  if (!total) return null;
  const wanted = Math.max(total * share, 1);
  let before = 0;
  let fastest = 0;
  for (const { le, count } of buckets) {
    if (le === null) break;
    if (count > 0 && before + count >= wanted) return fastest + Math.round(((le - fastest) * (wanted - before)) / count);
    before += count;
    fastest = le;
  }
  return fastest;
}

/** "99.89 %", rounded down so that one failure is never 100 %. */
export const shareText = (share) => (share === null ? null : `${Number((Math.floor(share * 10_000) / 100).toFixed(2))} %`);
