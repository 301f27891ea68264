//! Monthly costs: metrics and alarms.

use std::path::Path;

use callhook::runtime::telemetry::metrics::{Counter, Timer};
use callhook::testing::template::resources;
use serde_json::Value;
use strum::VariantArray as _;

use crate::Failure;

/// The numbers of metrics and alarms.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Monitoring {
    /// Metrics of the functions, each with its dimensions.
    pub(crate) metrics: u32,
    /// Alarms of the templates.
    pub(crate) alarms: u32,
    /// Metrics that the alarms read, which CloudWatch charges for. A query counts as one.
    pub(crate) alarm_metrics: u32,
}

const ALARM: &str = "AWS::CloudWatch::Alarm";

impl Monitoring {
    /// Counts those of the code and of `infra/*.yaml` below `root`.
    pub(crate) fn of(root: &Path) -> Result<Self, Failure> {
        // `ColdStart` is a metric of each function.
        let functions = root.join("functions").read_dir()?.count();
        let metrics = Counter::VARIANTS.len() + Timer::VARIANTS.len() + functions;
        let (mut alarms, mut alarm_metrics) = (0, 0);
        for entry in root.join("infra").read_dir()? {
            let file = entry?.path();
            if file.extension().is_some_and(|extension| extension == "yaml") {
                for (_, alarm) in resources(&std::fs::read_to_string(file)?, ALARM) {
                    alarms += 1;
                    alarm_metrics += metrics_of(&alarm);
                }
            }
        }
        Ok(Self { metrics: u32::try_from(metrics)?, alarms, alarm_metrics })
    }
}

/// The metrics that an alarm reads. A query counts as one.
fn metrics_of(alarm: &Value) -> u32 {
    match alarm {
        Value::Object(fields) => {
            let named = u32::from(fields.contains_key("MetricName"));
            named + fields.values().map(metrics_of).sum::<u32>()
        }
        Value::Array(items) => items.iter().map(metrics_of).sum(),
        Value::String(text) => u32::from(text.starts_with("SELECT ")),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metrics_and_alarms_are_counted() {
        let folder = std::env::temp_dir().join(format!("callhook-cost-{}", std::process::id()));
        std::fs::create_dir_all(folder.join("functions/one")).unwrap();
        std::fs::create_dir_all(folder.join("infra")).unwrap();
        let alarm = format!("  A:\n    Type: {ALARM}\n    Properties: {{MetricName: Errors}}\n");
        let calculated = format!(
            "  B:\n    Type: {ALARM}\n    Properties:\n      Metrics:\n        \
             - {{MetricStat: {{Metric: {{MetricName: One}}}}}}\n        \
             - {{MetricStat: {{Metric: {{MetricName: Two}}}}}}\n        \
             - {{Expression: one / two}}\n"
        );
        let query = format!(
            "  C:\n    Type: {ALARM}\n    Properties:\n      Metrics:\n        \
             - Expression: !Sub |-\n            SELECT SUM(Errors)\n"
        );
        let composite = "  D:\n    Type: AWS::CloudWatch::CompositeAlarm\n";
        let filter =
            "  E:\n    Type: AWS::Logs::MetricFilter\n    Properties: {MetricName: Lines}\n";
        let template = |resources: &str| format!("Resources:\n{resources}");
        let some = template(&[&alarm, &calculated, composite, filter].concat());
        std::fs::write(folder.join("infra/a.yaml"), some).unwrap();
        std::fs::write(folder.join("infra/b.yaml"), template(&query)).unwrap();
        std::fs::write(folder.join("infra/d.yaml"), template(filter)).unwrap();
        std::fs::write(folder.join("infra/c.txt"), template(&alarm)).unwrap();
        let counted = Monitoring::of(&folder);
        std::fs::remove_dir_all(&folder).unwrap();
        let metrics = u32::try_from(Counter::VARIANTS.len() + Timer::VARIANTS.len()).unwrap() + 1;
        assert_eq!(counted.unwrap(), Monitoring { metrics, alarms: 3, alarm_metrics: 4 });
    }
}
