//! The rate limit of a webhook.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::input::fields::whole_number;

/// The most requests per second to a webhook: 1 to 1,000.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MaxPerSecond(u16);

/// Completes "`max_per_second` …".
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("must be a whole number from 1 to {}", MaxPerSecond::MAX)]
pub struct InvalidRate;

impl MaxPerSecond {
    /// The highest limit.
    pub const MAX: u16 = 1_000;

    /// Reads a rate from a request's field.
    pub fn from_json(value: &Value) -> Result<Self, InvalidRate> {
        let rate = whole_number(value).and_then(|rate| u16::try_from(rate).ok());
        match rate {
            Some(rate @ 1..=Self::MAX) => Ok(Self(rate)),
            _ => Err(InvalidRate),
        }
    }

    /// The difference in travel times up to which no more requests arrive within a second than the rate
    /// allows: a fifth of a second, half of which is for [`MaxPerSecond::MAX_LATENESS`].
    pub const SPREAD: Duration = Duration::from_millis(200);
    /// How long after its send slot a request may be sent. A later one needs another send slot.
    pub const MAX_LATENESS: Duration = Duration::from_millis(100);

    /// The time between two requests: slightly more than a second divided by the rate, so that the
    /// receiver gets no more requests in any second.
    pub fn spacing(self) -> Duration {
        (Duration::from_secs(1) + Self::SPREAD) / u32::from(self.0.max(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn rates_are_1_to_1000() {
        let read = |value| MaxPerSecond::from_json(&value);
        assert_eq!(read(json!(1)).unwrap().spacing(), Duration::from_millis(1_200));
        assert_eq!(read(json!(1_000)).unwrap().spacing(), Duration::from_micros(1_200));
        for bad in [json!(0), json!(1_001), json!(1.5), json!("5"), json!(-1)] {
            assert_eq!(read(bad.clone()), Err(InvalidRate), "{bad}");
        }
    }
}
