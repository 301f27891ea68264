//! The price list.

use std::path::Path;

use serde::Deserialize;

use super::Usage;
use crate::Failure;

/// Prices in dollars. bench/prices.json names their sources.
#[derive(Deserialize)]
pub(crate) struct Prices {
    pub(crate) dated: String,
    pub(crate) api_gateway_per_million_requests: f64,
    pub(crate) lambda_per_million_requests: f64,
    pub(crate) lambda_per_gb_second_arm64: f64,
    pub(crate) lambda_per_gb_second_x86_64: f64,
    pub(crate) sqs_per_million_requests: f64,
    pub(crate) dynamodb_per_million_write_units: f64,
    pub(crate) dynamodb_per_million_read_units: f64,
    pub(crate) dynamodb_per_gb_month: f64,
    pub(crate) dynamodb_backup_per_gb_month: f64,
    pub(crate) logs_per_gb: f64,
    pub(crate) logs_infrequent_access_per_gb: f64,
    pub(crate) custom_metric_per_month: f64,
    pub(crate) alarm_per_month: f64,
    pub(crate) transfer_per_gb: f64,
}

/// The cost of a million reports by service.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Dollars {
    pub(crate) api: f64,
    pub(crate) queue: f64,
    pub(crate) compute: f64,
    pub(crate) log: f64,
    pub(crate) journal: f64,
    pub(crate) lines: f64,
    pub(crate) metrics: f64,
    pub(crate) transfer: f64,
}

impl Dollars {
    pub(crate) fn total(&self) -> f64 {
        let Self { api, queue, compute, log, journal, lines, metrics, transfer } = self;
        api + queue + compute + log + journal + lines + metrics + transfer
    }
}

const GB: f64 = 1e9;

impl Prices {
    pub(crate) fn read(root: &Path) -> Result<Self, Failure> {
        let text = std::fs::read_to_string(root.join("bench/prices.json"))?;
        Ok(serde_json::from_str(&text)?)
    }

    /// The cost of a million reports with this usage, and compute at `gb_second`.
    pub(crate) fn of(&self, usage: &Usage, gb_second: f64) -> Dollars {
        // Usage of one report times a price per million is the cost of a million reports.
        let each = |count: f64| count / usage.reports;
        Dollars {
            api: each(usage.api_requests) * self.api_gateway_per_million_requests,
            queue: each(usage.sqs_requests) * self.sqs_per_million_requests,
            compute: each(usage.invocations) * self.lambda_per_million_requests
                + each(usage.gb_seconds) * 1e6 * gb_second,
            log: each(usage.write_units) * self.dynamodb_per_million_write_units
                + each(usage.read_units) * self.dynamodb_per_million_read_units,
            journal: each(usage.journal_units) * self.dynamodb_per_million_write_units,
            lines: each(usage.logged_bytes) * 1e6 / GB * self.logs_per_gb
                + each(usage.access_bytes) * 1e6 / GB * self.logs_infrequent_access_per_gb,
            metrics: each(usage.metrics_bytes) * 1e6 / GB * self.logs_per_gb,
            transfer: each(usage.sent_bytes) * 1e6 / GB * self.transfer_per_gb,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_million_reports_are_priced_by_the_list() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let prices = Prices::read(root).unwrap();
        let usage = Usage {
            reports: 1_000.0,
            api_requests: 1_000.0,
            sqs_requests: 1_500.0,
            invocations: 1_000.0,
            gb_seconds: 3.0,
            write_units: 2_000.0,
            journal_units: 200.0,
            read_units: 1_000.0,
            logged_bytes: 150_000.0,
            access_bytes: 100_000.0,
            metrics_bytes: 240_000.0,
            sent_bytes: 1_000_000.0,
            ..Usage::default()
        };
        let dollars = prices.of(&usage, prices.lambda_per_gb_second_arm64);
        let near = |a: f64, b: f64| assert!((a - b).abs() < 1e-3, "{a} is not {b}: {dollars:?}");
        near(dollars.api, 1.0);
        near(dollars.queue, 0.6);
        near(dollars.compute, 0.2 + 0.04);
        near(dollars.log, 2.0 * 0.625 + 0.125);
        near(dollars.journal, 0.125);
        near(dollars.lines, 0.1);
        near(dollars.metrics, 0.12);
        near(dollars.transfer, 0.09);
        near(dollars.total(), 1.0 + 0.6 + 0.24 + 1.375 + 0.125 + 0.1 + 0.12 + 0.09);
    }
}
