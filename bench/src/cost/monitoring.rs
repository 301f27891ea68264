//! What is paid for by the month: metrics and alarms.

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
}

const ALARM: &str = "Type: AWS::CloudWatch::Alarm";

impl Monitoring {
    /// Counts those of the code and of `infra/*.yaml` below `root`.
    pub(crate) fn of(root: &Path) -> Result<Self, Failure> {
        // `ColdStart` is a metric of each function.
        let functions = root.join("functions").read_dir()?.count();
        let metrics = Counter::VARIANTS.len() + Timer::VARIANTS.len() + functions;
        let mut alarms = 0;
        for entry in root.join("infra").read_dir()? {
            let file = entry?.path();
            if file.extension().is_some_and(|extension| extension == "yaml") {
                let template = std::fs::read_to_string(file)?;
                alarms += template.lines().filter(|line| line.trim() == ALARM).count();
            }
        }
        Ok(Self { metrics: u32::try_from(metrics)?, alarms: u32::try_from(alarms)? })
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
        let alarm = format!("  A:\n    {ALARM}\n");
        let composite = "  B:\n    Type: AWS::CloudWatch::CompositeAlarm\n";
        std::fs::write(folder.join("infra/a.yaml"), [&alarm, &alarm, composite].concat()).unwrap();
        std::fs::write(folder.join("infra/b.yaml"), &alarm).unwrap();
        std::fs::write(folder.join("infra/c.txt"), &alarm).unwrap();
        let counted = Monitoring::of(&folder);
        std::fs::remove_dir_all(&folder).unwrap();
        let metrics = u32::try_from(Counter::VARIANTS.len() + Timer::VARIANTS.len()).unwrap() + 1;
        assert_eq!(counted.unwrap(), Monitoring { metrics, alarms: 3 });
    }
}
