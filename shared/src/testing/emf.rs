//! Reads lines of metrics as CloudWatch does.

use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::runtime::telemetry::metrics::Metrics;

/// The metrics of the invocation that has just ended, each with its value or values; `null` if it
/// writes none.
///
/// # Panics
///
/// If the line announces a metric that CloudWatch would not find.
pub fn emitted(metrics: &Metrics) -> Value {
    metrics.take_line(Timestamp::UNIX_EPOCH).map_or(Value::Null, |line| metrics_in(&line))
}

#[expect(clippy::expect_used, reason = "for tests")]
fn metrics_in(line: &str) -> Value {
    let line = line.strip_suffix('\n').expect("a whole line");
    let line: Value = serde_json::from_str(line).expect("JSON");
    let list = |value: Option<&Value>| value.and_then(Value::as_array).cloned().expect("a list");
    let text = |value: &Value| value.as_str().map(str::to_owned).expect("a text");
    let mut found = Map::new();
    for directive in list(line.pointer("/_aws/CloudWatchMetrics")) {
        for dimension in list(directive.pointer("/Dimensions/0")) {
            assert!(
                line.get(text(&dimension)).is_some_and(Value::is_string),
                "{dimension}: {line}"
            );
        }
        for metric in list(directive.get("Metrics")) {
            let name = text(metric.get("Name").expect("a name"));
            let value = line.get(&name).cloned().unwrap_or_default();
            let is_metric = |value: &Value| value.is_number();
            let is_sample =
                value.as_array().is_some_and(|all| all.len() <= 100 && all.iter().all(is_metric));
            assert!(is_metric(&value) || is_sample, "{name}: {line}");
            assert_eq!(found.insert(name, value), None, "it is there once: {line}");
        }
    }
    Value::Object(found)
}
