//! The time for which a replaced secret still signs.

use std::time::Duration;

use serde_json::Value;

use crate::input::fields::whole_number;

/// The time for which a replaced secret still signs: 0 to 604,800 seconds (7 days), one day by default.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Overlap(u32);

/// Completes "`overlap_seconds` …".
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("must be a whole number from 0 to {}", Overlap::MAX_SECONDS)]
pub struct InvalidOverlap;

impl Overlap {
    /// No earlier secret signs any more.
    pub const NONE: Self = Self(0);
    /// The longest overlap, in seconds.
    pub const MAX_SECONDS: u32 = 7 * 24 * 60 * 60;

    /// Reads an overlap from a request's field.
    pub fn from_json(value: &Value) -> Result<Self, InvalidOverlap> {
        let seconds = whole_number(value).and_then(|seconds| u32::try_from(seconds).ok());
        seconds.filter(|seconds| *seconds <= Self::MAX_SECONDS).map(Self).ok_or(InvalidOverlap)
    }

    /// The overlap as a duration.
    pub fn duration(self) -> Duration {
        Duration::from_secs(self.0.into())
    }
}

impl Default for Overlap {
    fn default() -> Self {
        Self(24 * 60 * 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn overlaps_are_0_to_7_days() {
        let read = |value| Overlap::from_json(&value);
        assert_eq!(read(json!(0)), Ok(Overlap::NONE));
        assert_eq!(read(json!(604_800)).unwrap().duration(), Duration::from_hours(7 * 24));
        assert_eq!(Overlap::default().duration(), Duration::from_hours(24));
        for bad in [json!(604_801), json!(-1), json!(1.5), json!("60"), json!(u64::MAX)] {
            assert_eq!(read(bad.clone()), Err(InvalidOverlap), "{bad}");
        }
    }
}
