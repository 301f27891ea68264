//! docs/cost.md, and its figures as printed lines.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;

use super::monitoring::Monitoring;
use super::prices::{Dollars, Prices};
use super::usage::{Batching, DYNAMODB, MEMORY_MB, RECEIVER, SQS, Scenario, Usage};
use crate::figures::shown;
use crate::{Failure, page};

impl Scenario {
    fn name(self) -> String {
        let batching = match self.batching {
            Batching::Single => "single",
            Batching::Batch => "batch_of_100",
        };
        let (failing, quiet) =
            (if self.failing { 5 } else { 0 }, if self.quiet { ".quiet" } else { "" });
        format!("{batching}.webhooks_{}.failing_{failing}{quiet}", self.webhooks)
    }

    fn description(self) -> String {
        let batching = match self.batching {
            Batching::Single => "one by one",
            Batching::Batch => "arrays of 100",
        };
        let webhooks = if self.webhooks == 1 { "1 webhook" } else { "3 webhooks" };
        let failing = if self.failing { ", 5 % of requests fail" } else { "" };
        let quiet = if self.quiet { ", so seldom that none shares a batch" } else { "" };
        format!("{batching}, {webhooks}{failing}{quiet}")
    }
}

/// Prints a line for each figure.
pub(crate) fn print(scenario: Scenario, usage: &Usage, prices: &Prices) -> Result<(), Failure> {
    let mut out = std::io::stdout();
    let name = scenario.name();
    let dollars = prices.of(usage, prices.lambda_per_gb_second_arm64);
    for (service, value) in [
        ("api", dollars.api),
        ("queue", dollars.queue),
        ("compute", dollars.compute),
        ("log", dollars.log),
        ("journal", dollars.journal),
        ("lines", dollars.lines),
        ("metrics", dollars.metrics),
        ("transfer", dollars.transfer),
    ] {
        writeln!(out, "cost.{name}.arm64.{service}.dollars_per_million: {value:.3}")?;
    }
    for (architecture, rate) in architectures(prices) {
        let dollars = prices.of(usage, rate).total();
        writeln!(out, "cost.{name}.{architecture}.dollars_per_million: {dollars:.3}")?;
    }
    Ok(())
}

fn architectures(prices: &Prices) -> [(&'static str, f64); 2] {
    [("arm64", prices.lambda_per_gb_second_arm64), ("x86_64", prices.lambda_per_gb_second_x86_64)]
}

/// Writes the page.
pub(crate) fn write(
    root: &Path,
    all: &[(Scenario, Usage)],
    prices: &Prices,
) -> Result<(), Failure> {
    page::write_section(root, "docs/cost.md", "prices", &format!("Prices of {}.", prices.dated))?;
    page::write_section(root, "docs/cost.md", "dollars", &dollars(all, prices)?)?;
    page::write_section(root, "docs/cost.md", "usage", &usage(all)?)?;
    page::write_section(root, "docs/cost.md", "storage", &storage(all, prices)?)?;
    page::write_section(root, "docs/cost.md", "months", &monitoring(&Monitoring::of(root)?, prices))
}

const SERVICES: &str =
    "API | queue | compute | log of deliveries | journal | log lines | metrics | transfer";

fn dollars(all: &[(Scenario, Usage)], prices: &Prices) -> Result<String, Failure> {
    let mut text = format!("| reports | {SERVICES} | total, arm64 | total, x86_64 |\n");
    text.push_str("|---|---|---|---|---|---|---|---|---|---|---|\n");
    for (scenario, usage) in all {
        let [arm, x86] = architectures(prices).map(|(_, rate)| prices.of(usage, rate));
        writeln!(text, "| {} | {} | {:.2} |", scenario.description(), row(&arm), x86.total())?;
    }
    Ok(text)
}

fn row(dollars: &Dollars) -> String {
    let Dollars { api, queue, compute, log, journal, lines, metrics, transfer } = dollars;
    let total = dollars.total();
    format!(
        "{api:.2} | {queue:.2} | {compute:.2} | {log:.2} | {journal:.2} | {lines:.2} | {metrics:.2} \
         | {transfer:.2} | **{total:.2}**"
    )
}

fn usage(all: &[(Scenario, Usage)]) -> Result<String, Failure> {
    let mut text = "| reports | calls of AWS by the functions | requests of SQS | invocations \
        | billed ms | units written, read | bytes logged, of metrics |\n|---|---|---|---|---|---|---|\n"
        .to_owned();
    for (scenario, usage) in all {
        writeln!(
            text,
            "| {}, {} | {} | {} | {} | {} | {}, {} | {}, {} |",
            usage.reports,
            scenario.description(),
            usage.calls,
            usage.sqs_requests,
            usage.invocations,
            usage.billed_ms,
            usage.write_units + usage.journal_units,
            usage.read_units,
            usage.logged_bytes + usage.access_bytes,
            usage.metrics_bytes,
        )?;
    }
    write!(
        text,
        "\nFunctions of {MEMORY_MB} MB, receivers that answer in {} ms; DynamoDB is assumed to \
         answer in {} ms and SQS in {} ms.",
        RECEIVER.as_millis(),
        DYNAMODB.as_millis(),
        SQS.as_millis(),
    )?;
    Ok(text)
}

/// The storage of a million deliveries, from the write units that they used.
fn storage(all: &[(Scenario, Usage)], prices: &Prices) -> Result<String, Failure> {
    let (_, usage) = all.first().ok_or("nothing was measured")?;
    // Units are whole kilobytes, so this is the maximum.
    let gb = usage.write_units / usage.reports;
    let dollars = gb * (prices.dynamodb_per_gb_month + prices.dynamodb_backup_per_gb_month);
    Ok(format!(
        "A million deliveries in the log take up to {} GB, and cost ${} a month with their backup, \
         for as long as the account keeps them.",
        shown(gb),
        shown(dollars),
    ))
}

/// The monthly cost of metrics and alarms.
fn monitoring(monitoring: &Monitoring, prices: &Prices) -> String {
    let Monitoring { metrics, alarms, alarm_metrics } = monitoring;
    let of_metrics = f64::from(*metrics) * prices.custom_metric_per_month;
    let of_alarms = f64::from(*alarm_metrics) * prices.alarm_per_month;
    format!(
        "CloudWatch charges ${:.2} a month for each of the {metrics} metrics, ${of_metrics:.2} for all, and only for the hours in \
         which a metric has values: an idle system has none. The {alarms} alarms read {alarm_metrics} metrics and \
         cost ${of_alarms:.2} a month where they are deployed, also in an idle system.",
        prices.custom_metric_per_month,
    )
}
