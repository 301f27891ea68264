//! The figures of docs/benchmarks.md.

pub(crate) mod coldstart;
pub(crate) mod compose;
pub(crate) mod deliver;
pub(crate) mod hostile;
pub(crate) mod ingest;
pub(crate) mod limit;
pub(crate) mod page;
pub(crate) mod scale;

use std::io::Write as _;
use std::time::Duration;

use crate::Failure;

/// Named values, which are printed when they are added.
#[derive(Default)]
pub(crate) struct Figures(Vec<(String, f64)>);

impl Figures {
    /// Adds a value, and prints it.
    pub(crate) fn add(&mut self, name: impl Into<String>, value: f64) -> Result<(), Failure> {
        let name = name.into();
        writeln!(std::io::stdout(), "{name}: {}", shown(value))?;
        self.0.push((name, value));
        Ok(())
    }

    /// The value with this name.
    pub(crate) fn get(&self, name: &str) -> Result<f64, Failure> {
        let found = self.0.iter().find(|(known, _)| known == name);
        Ok(found.ok_or_else(|| format!("{name} was not measured"))?.1)
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = (&str, f64)> {
        self.0.iter().map(|(name, value)| (name.as_str(), *value))
    }
}

/// The cost of some batches.
pub(crate) struct Cost {
    pub(crate) cpu: Duration,
    pub(crate) took: Duration,
    pub(crate) deliveries: u64,
}

impl Cost {
    /// Worse than any measurement.
    pub(crate) fn worst() -> Self {
        Self { cpu: Duration::MAX, took: Duration::MAX, deliveries: 1 }
    }

    /// The better of two measurements.
    pub(crate) fn or(self, other: Self) -> Self {
        if other.cpu_us() < self.cpu_us() { other } else { self }
    }

    pub(crate) fn cpu_us(&self) -> f64 {
        self.cpu.as_secs_f64() * 1e6 / as_f64(self.deliveries)
    }

    pub(crate) fn per_second(&self) -> f64 {
        as_f64(self.deliveries) / self.took.as_secs_f64()
    }
}

/// A value with its significant digits.
pub(crate) fn shown(value: f64) -> String {
    match value.abs() {
        0.0 => "0".to_owned(),
        large if large >= 100.0 => format!("{value:.0}"),
        some if some >= 10.0 => format!("{value:.1}"),
        few if few >= 0.1 => format!("{value:.2}"),
        _ => format!("{value:.4}"),
    }
}

/// The median.
pub(crate) fn median(values: &mut [f64]) -> f64 {
    percentile(values, 50)
}

/// The value that `percent` of all values do not exceed.
pub(crate) fn percentile(values: &mut [f64], percent: usize) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    let index = (values.len() * percent / 100).min(values.len().saturating_sub(1));
    values.get(index).copied().unwrap_or(f64::NAN)
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
pub(crate) fn as_f64(count: u64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_shown_with_three_significant_digits() {
        let shown = [1234.5, 56.78, 1.234, 0.012_34, 0.0].map(shown);
        assert_eq!(shown, ["1234", "56.8", "1.23", "0.0123", "0"]);
    }

    #[test]
    fn percentiles_are_measured_values() {
        let mut values = [5.0, 1.0, 4.0, 2.0, 3.0];
        assert_eq!(median(&mut values).to_bits(), 3.0_f64.to_bits());
        assert_eq!(percentile(&mut values, 99).to_bits(), 5.0_f64.to_bits());
    }
}
