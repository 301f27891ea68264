//! When a failed attempt is tried again.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The waits after the first, second, … failed attempt. Empty: one attempt only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RetrySchedule(Vec<u32>);

/// Why a value is not a schedule; completes "`retry` …".
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum InvalidSchedule {
    /// Not `{"schedule": […]}`.
    #[error("must be an object with one field, `schedule`: an array of seconds")]
    Shape,
    /// Too many entries.
    #[error("may hold at most {max} waits, not {0}", max = RetrySchedule::MAX_ENTRIES)]
    TooLong(usize),
    /// An entry out of bounds.
    #[error("must hold whole seconds from 1 to {max}; entry {0} is not", max = RetrySchedule::MAX_SECONDS)]
    Entry(usize),
}

impl RetrySchedule {
    /// The longest schedule.
    pub const MAX_ENTRIES: usize = 12;
    /// The longest wait: 7 days.
    pub const MAX_SECONDS: u32 = 7 * 24 * 60 * 60;
    /// The most attempts of any schedule.
    #[expect(clippy::cast_possible_truncation, reason = "12")]
    pub const MAX_ATTEMPTS: u32 = Self::MAX_ENTRIES as u32 + 1;
    /// The longest that any schedule lasts, jitter and a day for delays of our own included. A
    /// delivery beyond this is a fault of ours and must not go round for ever.
    pub const MAX_AGE: Duration = Duration::from_hours(
        (Self::MAX_SECONDS as u64 / 3_600) * Self::MAX_ENTRIES as u64 * 6 / 5 + 24,
    );
    /// 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h, 24 h: ten attempts within 76 hours.
    const DEFAULT: [u32; 9] = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400];

    /// Reads `{"schedule": [seconds, …]}`.
    pub fn parse(value: &Value) -> Result<Self, InvalidSchedule> {
        let object = value.as_object().ok_or(InvalidSchedule::Shape)?;
        let entries =
            object.get("schedule").and_then(Value::as_array).ok_or(InvalidSchedule::Shape)?;
        if object.len() != 1 {
            return Err(InvalidSchedule::Shape);
        }
        if entries.len() > Self::MAX_ENTRIES {
            return Err(InvalidSchedule::TooLong(entries.len()));
        }
        let seconds = |(i, entry): (usize, &Value)| {
            let seconds = entry.as_u64().and_then(|s| u32::try_from(s).ok());
            seconds
                .filter(|seconds| (1..=Self::MAX_SECONDS).contains(seconds))
                .ok_or(InvalidSchedule::Entry(i))
        };
        entries.iter().enumerate().map(seconds).collect::<Result<_, _>>().map(Self)
    }

    /// The schedule as [`RetrySchedule::parse`] reads it.
    pub fn to_json(&self) -> Value {
        serde_json::json!({ "schedule": self.0 })
    }

    /// How long to wait after `attempts` failed attempts (1 or more), spread by ±20 % so that
    /// deliveries that failed together do not return together; `None` when no attempt is left.
    pub fn wait_after(&self, attempts: u32) -> Option<Duration> {
        let index = usize::try_from(attempts.checked_sub(1)?).ok()?;
        let seconds = f64::from(*self.0.get(index)?);
        Some(Duration::from_secs_f64(seconds * (0.8 + 0.4 * fastrand::f64())))
    }
}

impl Default for RetrySchedule {
    fn default() -> Self {
        Self(Self::DEFAULT.to_vec())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn waits_follow_the_schedule_within_a_fifth() {
        let schedule = RetrySchedule::default();
        for (attempts, seconds) in (1..).zip(RetrySchedule::DEFAULT) {
            for _ in 0..100 {
                let wait = schedule.wait_after(attempts).unwrap().as_secs_f64();
                let seconds = f64::from(seconds);
                assert!((seconds * 0.8..=seconds * 1.2).contains(&wait), "{attempts}: {wait}");
            }
        }
        assert_eq!(schedule.wait_after(10), None, "ten attempts, then none");
        assert_eq!(schedule.wait_after(0), None, "nothing was tried yet");
    }

    #[test]
    fn an_empty_schedule_means_one_attempt() {
        let schedule = RetrySchedule::parse(&json!({"schedule": []})).unwrap();
        assert_eq!(schedule.wait_after(1), None);
    }

    #[test]
    fn a_schedule_is_bounded() {
        let parse = |entries: Value| RetrySchedule::parse(&json!({ "schedule": entries }));
        assert!(parse(json!([1, 604_800])).is_ok());
        assert_eq!(parse(json!([1, 0])), Err(InvalidSchedule::Entry(1)));
        assert_eq!(parse(json!([604_801])), Err(InvalidSchedule::Entry(0)));
        assert_eq!(parse(json!([1.5])), Err(InvalidSchedule::Entry(0)));
        assert_eq!(parse(json!(vec![1; 13])), Err(InvalidSchedule::TooLong(13)));
        assert_eq!(parse(json!("5")), Err(InvalidSchedule::Shape));
        let extra = json!({"schedule": [], "jitter": 1});
        assert_eq!(RetrySchedule::parse(&extra), Err(InvalidSchedule::Shape));
    }

    #[test]
    fn a_schedule_reads_what_it_writes() {
        let schedule = RetrySchedule::default();
        assert_eq!(RetrySchedule::parse(&schedule.to_json()), Ok(schedule));
    }
}
