//! Monthly costs: metrics and alarms.

use std::path::Path;

use callhook::telemetry::metrics::{Counter, Timer};
use strum::VariantArray as _;

use crate::Failure;

/// How many there are.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Monitoring {
    /// Metrics of the functions, each with its dimensions.
    pub(crate) metrics: u32,
    /// Alarms of the templates.
    pub(crate) alarms: u32,
    /// Metrics that these look at, a query as one. CloudWatch charges by these.
    pub(crate) alarm_metrics: u32,
}

const ALARM: &str = "Type: AWS::CloudWatch::Alarm";
/// What an alarm looks at: a metric, or a query over some.
const ALARM_METRICS: [&str; 2] = ["MetricName:", "SELECT "];

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
                let template = std::fs::read_to_string(file)?;
                let of_file = template.lines().filter(|line| line.trim() == ALARM).count();
                if of_file > 0 {
                    let is_metric =
                        |line: &&str| ALARM_METRICS.iter().any(|metric| line.contains(metric));
                    alarms += of_file;
                    alarm_metrics += template.lines().filter(is_metric).count();
                }
            }
        }
        Ok(Self {
            metrics: u32::try_from(metrics)?,
            alarms: u32::try_from(alarms)?,
            alarm_metrics: u32::try_from(alarm_metrics)?,
        })
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
        let alarm = format!("  A:\n    {ALARM}\n    MetricName: Errors\n");
        let calculated = format!(
            "  B:\n    {ALARM}\n    - {{ MetricName: One }}\n    - {{ MetricName: Two }}\n"
        );
        let query = format!("  C:\n    {ALARM}\n    Expression: |-\n      SELECT SUM(Errors)\n");
        let composite = "  D:\n    Type: AWS::CloudWatch::CompositeAlarm\n";
        let filter = "  E:\n    Type: AWS::Logs::MetricFilter\n    MetricName: Lines\n";
        let some = [&alarm, &calculated, composite].concat();
        std::fs::write(folder.join("infra/a.yaml"), some).unwrap();
        std::fs::write(folder.join("infra/b.yaml"), &query).unwrap();
        std::fs::write(folder.join("infra/d.yaml"), filter).unwrap();
        std::fs::write(folder.join("infra/c.txt"), &alarm).unwrap();
        let counted = Monitoring::of(&folder);
        std::fs::remove_dir_all(&folder).unwrap();
        let metrics = u32::try_from(Counter::VARIANTS.len() + Timer::VARIANTS.len()).unwrap() + 1;
        assert_eq!(counted.unwrap(), Monitoring { metrics, alarms: 3, alarm_metrics: 4 });
    }
}
