//! Retry schedules.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::input::fields::whole_number;

/// The delays after the first, second, … failed attempt, in seconds. An empty schedule has one attempt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RetrySchedule(Vec<u32>);

/// Why a value is not a schedule; completes "`retry` …".
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum InvalidSchedule {
    /// Not `{"schedule": […]}`.
    #[error("must be an object with one field, `schedule`: an array of seconds")]
    Shape,
    /// More entries than [`RetrySchedule::MAX_ENTRIES`].
    #[error("may hold at most {max} delays, not {0}", max = RetrySchedule::MAX_ENTRIES)]
    TooLong(usize),
    /// An entry is out of range.
    #[error("must hold whole seconds from 1 to {max}; entry {0} is not", max = RetrySchedule::MAX_SECONDS)]
    Entry(usize),
}

impl RetrySchedule {
    /// The most entries of a schedule.
    pub const MAX_ENTRIES: usize = 12;
    /// The longest delay: 7 days.
    pub const MAX_SECONDS: u32 = 7 * 24 * 60 * 60;
    /// The most attempts of any schedule.
    #[expect(clippy::cast_possible_truncation, reason = "12")]
    pub const MAX_ATTEMPTS: u32 = Self::MAX_ENTRIES as u32 + 1;
    /// The longest delay by `Retry-After` where the schedule's own delay is short.
    const MAX_SHORT_WAIT: Duration = Duration::from_hours(1);
    /// The longest duration of any schedule, with the longest `Retry-After` each time and a day for
    /// Callhook's own delays: 169 days. An older delivery is a bug, and must not be queued for ever.
    pub const MAX_AGE: Duration = Duration::from_hours(
        (Self::MAX_SECONDS as u64 / 3_600) * Self::MAX_ENTRIES as u64 * 2 + 24,
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
            let seconds = whole_number(entry).and_then(|s| u32::try_from(s).ok());
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

    /// The delay after `attempts` failed attempts (1 or more); `None` when no attempt is left,
    /// whatever the receiver asks for.
    ///
    /// The schedule's delay is spread by ±20 %, so that deliveries that failed together are not retried
    /// together. A longer `Retry-After` is followed, spread by up to 20 % more for the same reason, but at
    /// most twice the schedule's delay, or an hour if that is longer: a receiver cannot stretch a schedule
    /// beyond what its owner expects.
    pub fn wait_after(&self, attempts: u32, retry_after: Option<Duration>) -> Option<Duration> {
        let index = usize::try_from(attempts.checked_sub(1)?).ok()?;
        let scheduled = Duration::from_secs(u64::from(*self.0.get(index)?));
        let wait = scheduled.mul_f64(0.8 + 0.4 * fastrand::f64());
        let longest = Self::MAX_SHORT_WAIT.max(scheduled * 2);
        let asked =
            retry_after.unwrap_or_default().min(longest).mul_f64(1.0 + 0.2 * fastrand::f64());
        Some(wait.max(asked.min(longest)))
    }
}

impl Default for RetrySchedule {
    fn default() -> Self {
        Self(Self::DEFAULT.to_vec())
    }
}

#[cfg(test)]
mod tests;
