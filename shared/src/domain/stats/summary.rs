//! Summaries of a webhook's deliveries.

use std::collections::BTreeMap;

use serde::ser::SerializeStruct as _;
use serde::{Serialize, Serializer};

use super::{Hour, Hours};

/// How deliveries ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Outcomes {
    /// Deliveries that the receiver accepted.
    pub delivered: u64,
    /// Deliveries that ended as failed.
    pub failed: u64,
}

impl Outcomes {
    /// The share of delivered ones, 0 to 1, rounded down to four decimals, so that 1 means no failure; `None` if none
    /// ended.
    #[expect(clippy::cast_precision_loss, reason = "four decimals are shown")]
    pub fn success_rate(self) -> Option<f64> {
        let ended = self.delivered + self.failed;
        if ended == 0 {
            return None;
        }
        Some((self.delivered as f64 / ended as f64 * 10_000.0).floor() / 10_000.0)
    }
}

/// How the deliveries of a webhook ended in a range of hours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    first: Hour,
    hourly: Vec<Outcomes>,
}

impl Summary {
    /// The summary of `hours`; hours that `counted` lacks are zero.
    pub fn new(hours: Hours, counted: &BTreeMap<Hour, Outcomes>) -> Self {
        let outcomes = |hour| counted.get(&hour).copied().unwrap_or_default();
        Self { first: hours.first(), hourly: hours.iter().map(outcomes).collect() }
    }

    /// The sum of all hours.
    pub fn total(&self) -> Outcomes {
        let mut total = Outcomes::default();
        for outcomes in &self.hourly {
            total.delivered += outcomes.delivered;
            total.failed += outcomes.failed;
        }
        total
    }
}

/// The form in the API.
impl Serialize for Summary {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Hourly {
            delivered: Vec<u64>,
            failed: Vec<u64>,
            success_rate: Vec<Option<f64>>,
        }
        let hourly = Hourly {
            delivered: self.hourly.iter().map(|hour| hour.delivered).collect(),
            failed: self.hourly.iter().map(|hour| hour.failed).collect(),
            success_rate: self.hourly.iter().map(|hour| hour.success_rate()).collect(),
        };
        let total = self.total();
        let mut shown = serializer.serialize_struct("Summary", 5)?;
        shown.serialize_field("first_hour", &self.first.start())?;
        shown.serialize_field("delivered", &total.delivered)?;
        shown.serialize_field("failed", &total.failed)?;
        shown.serialize_field("success_rate", &total.success_rate())?;
        shown.serialize_field("hourly", &hourly)?;
        shown.end()
    }
}

#[cfg(test)]
mod tests;
