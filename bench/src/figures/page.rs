//! docs/benchmarks.md.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use super::{Figures, shown};
use crate::{Failure, page};

/// Targets of figures, in the order of the page.
const TARGETS: [(&str, Target); 14] = [
    ("deliver.cpu_us_per_delivery.with_25_reports", Target::AtMost(60.0)),
    ("deliver.cpu_us_per_delivery.with_1_report", Target::AtMost(90.0)),
    ("deliver.ratio_to_limit", Target::AtLeast(1.0 / 3.5)),
    // The largest binary: a cold start reads it.
    ("size.deliver.mb", Target::AtMost(15.0)),
    ("memory.deliver.hostile_250.mb", Target::AtMost(192.0)),
    ("ingest.cpu_us_per_report.single", Target::AtMost(320.0)),
    ("ingest.cpu_us_per_report.batch", Target::AtMost(18.0)),
    ("coldstart.ratio_to_hello.ingest", Target::AtMost(1.6)),
    ("coldstart.ratio_to_hello.deliver", Target::AtMost(1.6)),
    ("coldstart.ingest.first_ms", Target::AtMost(30.0)),
    ("coldstart.deliver.first_ms", Target::AtMost(30.0)),
    ("scale.webhooks.growth_percent", Target::AtMost(10.0)),
    ("scale.fan_out.growth_percent", Target::AtMost(10.0)),
    ("scale.backlog.growth_percent", Target::AtMost(10.0)),
];

enum Target {
    AtMost(f64),
    AtLeast(f64),
}

impl Target {
    fn is_met(&self, value: f64) -> bool {
        match self {
            Self::AtMost(bound) => value <= *bound,
            Self::AtLeast(bound) => value >= *bound,
        }
    }

    fn description(&self) -> String {
        match self {
            Self::AtMost(bound) => format!("≤ {}", shown(*bound)),
            Self::AtLeast(bound) => format!("≥ {}", shown(*bound)),
        }
    }
}

/// Writes the page.
pub(crate) fn write(root: &Path, figures: &Figures) -> Result<(), Failure> {
    let mut targets = "| | measured | target | |\n|---|---|---|---|\n".to_owned();
    for (name, target) in &TARGETS {
        let value = figures.get(name)?;
        let met = if target.is_met(value) { "met" } else { "**missed**" };
        writeln!(targets, "| `{name}` | {} | {} | {met} |", shown(value), target.description())?;
    }
    let mut all = "| | |\n|---|---|\n".to_owned();
    for (name, value) in figures.all() {
        writeln!(all, "| `{name}` | {} |", shown(value))?;
    }
    page::write_section(root, "docs/benchmarks.md", "goals", &targets)?;
    page::write_section(root, "docs/benchmarks.md", "figures", &all)?;
    page::write_section(root, "docs/benchmarks.md", "machine", &machine()?)
}

fn machine() -> Result<String, Failure> {
    let cpus = fs::read_to_string("/proc/cpuinfo")?;
    let model = cpus.lines().find_map(|line| line.strip_prefix("model name")?.split(": ").nth(1));
    let cores = cpus.lines().filter(|line| line.starts_with("processor")).count();
    let today = jiff::Zoned::now().date();
    Ok(format!("{today}, {cores} cores of {}.", model.unwrap_or("an unknown processor")))
}
