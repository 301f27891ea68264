//! Figures.

use std::time::Duration;

use callhook::domain::stats::LatencyCounts;
use serde_json::{Value, json};

/// Figures of two hours.
pub(crate) fn figures() -> Value {
    json!({"data": [
        hour("2026-11-22T00:00:00Z", (118, 1), (131, 13), &[(97, 40), (20, 90), (9, 180), (5, 700)]),
        hour("2026-11-22T01:00:00Z", (0, 0), (0, 0), &[]),
    ]})
}

/// The figures of an hour: ended deliveries (delivered, failed), attempts (all, failed), and counts by latency in
/// milliseconds.
fn hour(start: &str, deliveries: (u64, u64), attempts: (u64, u64), times: &[(u32, u64)]) -> Value {
    let mut counts = LatencyCounts::default();
    for (count, millis) in times {
        (0..*count).for_each(|_| counts.add(Duration::from_millis(*millis)));
    }
    let buckets: Vec<_> =
        counts.classes().map(|(limit, count)| json!({"le": limit, "count": count})).collect();
    json!({
        "hour": start, "delivered": deliveries.0, "failed": deliveries.1, "skipped": 0,
        "attempts": attempts.0, "failed_attempts": attempts.1,
        "latency_ms": {
            "buckets": buckets, "p50": counts.percentile(0.5), "p95": counts.percentile(0.95),
        },
    })
}

/// The last 24 hours of the webhook.
pub(super) fn summary() -> Value {
    const HOURS: usize = 24;
    // Deliveries ended in the first hours only.
    let hours = |first: Vec<Value>, rest: Value| -> Vec<_> {
        first.into_iter().chain(std::iter::repeat(rest)).take(HOURS).collect()
    };
    json!({
        "first_hour": "2026-11-22T00:00:00Z", "delivered": 198, "failed": 1,
        "success_rate": rate(0.9949),
        "hourly": {
            "delivered": hours(vec![json!(118), json!(80)], json!(0)),
            "failed": hours(vec![json!(1), json!(0)], json!(0)),
            "success_rate": hours(vec![rate(0.9915), rate(1.0)], Value::Null),
        },
    })
}

fn rate(rate: f64) -> Value {
    json!(rate)
}
