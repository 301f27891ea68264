use serde_json::{Value, json};

use super::*;
use crate::testing::emitted;

fn metrics() -> Metrics {
    Metrics::of("Callhook/callhook", "deliver", "callhook-DeliverFunction-1A2B")
}

fn warm() -> Metrics {
    let metrics = metrics();
    metrics.take_line(Timestamp::UNIX_EPOCH).unwrap();
    metrics
}

#[test]
fn a_line_has_every_metric_with_its_unit_and_dimensions() {
    let metrics = metrics();
    metrics.add(Counter::DeliveriesDelivered, 3);
    for millis in [12, 7] {
        metrics.time(Timer::AttemptLatency, Duration::from_micros(millis * 1_000 + 999));
    }
    let line = metrics.take_line(Timestamp::from_millisecond(1_764_205_483_000).unwrap()).unwrap();
    // infra/local/tests/test_emf.py validates the same file against the schema.
    assert_eq!(line, include_str!("../../../../tests/emf_line.json"));
}

#[test]
fn an_invocation_without_values_writes_no_line() {
    let metrics = warm();
    metrics.add(Counter::DeliveriesFailed, 0);
    assert_eq!(emitted(&metrics), Value::Null);
}

#[test]
fn a_line_has_the_values_since_the_previous_one() {
    let metrics = metrics();
    let clone = metrics.clone();
    clone.count(Counter::DeliveriesFailed);
    metrics.count(Counter::DeliveriesFailed);
    assert_eq!(emitted(&metrics), json!({"DeliveriesFailed": 2, "ColdStart": 1}));
    clone.count(Counter::DeliveriesRetried);
    assert_eq!(emitted(&metrics), json!({"DeliveriesRetried": 1}), "no longer cold");
    assert_eq!(emitted(&clone), Value::Null);
}

#[test]
fn without_a_namespace_nothing_is_written() {
    let metrics = Metrics::default();
    metrics.count(Counter::DeliveriesFailed);
    assert_eq!(emitted(&metrics), Value::Null);
}

#[test]
fn a_line_samples_100_of_many_durations_evenly() {
    let metrics = warm();
    let late = (0..100).map(|_| {
        for millis in 0..4_000 {
            metrics.time(Timer::AttemptLatency, Duration::from_millis(millis));
        }
        let values = emitted(&metrics)["AttemptLatency"].as_array().unwrap().clone();
        assert_eq!(values.len(), 100);
        values.iter().filter(|value| value.as_u64().unwrap() >= 2_000).count()
    });
    let late = late.sum::<usize>();
    // Half of 10,000, and ten times the standard deviation.
    assert!((4_500..5_500).contains(&late), "{late} of 10000 are from the later half");
}
