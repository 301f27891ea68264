//! The time limit of one attempt.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::input::fields::whole_number;

/// The time limit of one attempt, from connecting to the end of the response: 1 to 30 seconds, 15 by default.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AttemptTimeout(u8);

/// Completes "`timeout_seconds` …".
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("must be a whole number from 1 to {}", AttemptTimeout::MAX_SECONDS)]
pub struct InvalidTimeout;

impl AttemptTimeout {
    /// The longest timeout, in seconds.
    pub const MAX_SECONDS: u8 = 30;

    /// Reads a timeout from a request's field.
    pub fn from_json(value: &Value) -> Result<Self, InvalidTimeout> {
        let seconds = whole_number(value).and_then(|seconds| u8::try_from(seconds).ok());
        match seconds {
            Some(seconds @ 1..=Self::MAX_SECONDS) => Ok(Self(seconds)),
            _ => Err(InvalidTimeout),
        }
    }

    /// The timeout as a duration.
    pub fn duration(self) -> Duration {
        Duration::from_secs(self.0.into())
    }
}

impl Default for AttemptTimeout {
    fn default() -> Self {
        Self(15)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn timeouts_are_1_to_30_seconds() {
        assert_eq!(AttemptTimeout::from_json(&json!(1)).unwrap().duration().as_secs(), 1);
        assert_eq!(AttemptTimeout::from_json(&json!(30)).unwrap().duration().as_secs(), 30);
        for bad in [json!(0), json!(31), json!(286), json!(-1), json!(1.5), json!("15")] {
            assert_eq!(AttemptTimeout::from_json(&bad), Err(InvalidTimeout), "{bad}");
        }
    }
}
