//! Hours in UTC.

use std::collections::HashMap;
use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::input::fields::FieldErrors;
use crate::input::time_range::TimeRange;

const MILLIS: u64 = 3_600_000;

/// An hour in UTC, from 1970 on. Prints as `2026-11-22T23`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Hour(u64);

/// The text is not an hour.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("must be an hour such as 2026-11-22T23")]
pub struct InvalidHour;

impl Hour {
    /// The hour that contains `time`; the first one for times before 1970.
    pub fn of(time: Timestamp) -> Self {
        Self::of_millis(u64::try_from(time.as_millisecond()).unwrap_or(0))
    }

    fn of_millis(millis: u64) -> Self {
        Self(millis / MILLIS)
    }

    /// The beginning of the hour.
    pub fn start(self) -> Timestamp {
        let millis = i64::try_from(self.0.saturating_mul(MILLIS)).unwrap_or(i64::MAX);
        Timestamp::from_millisecond(millis).unwrap_or(Timestamp::MAX)
    }
}

impl fmt::Display for Hour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.start().strftime("%Y-%m-%dT%H"))
    }
}

impl FromStr for Hour {
    type Err = InvalidHour;

    fn from_str(text: &str) -> Result<Self, InvalidHour> {
        let time: Timestamp = format!("{text}:00:00Z").parse().map_err(|_| InvalidHour)?;
        Ok(Self::of(time))
    }
}

/// A range of at least one hour, and about [`Hours::MAX_DAYS`] at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hours {
    first: Hour,
    last: Hour,
}

impl Hours {
    /// The longest range of a request.
    pub const MAX_DAYS: u64 = 31;
    const DEFAULT_MILLIS: u64 = 24 * MILLIS;

    /// Reads `from` and `to` of a query string: the hours that overlap the range. `to` defaults to `now`,
    /// and `from` to a day earlier. A time without an offset is local to `zone`.
    pub fn from_query(
        query: &HashMap<String, String>,
        zone: &TimeZone,
        now: Timestamp,
    ) -> Result<Self, FieldErrors> {
        let range = TimeRange::from_query(query, zone)?;
        let since_1970 = |millis: i64| u64::try_from(millis).unwrap_or(0);
        let to = since_1970(range.to().unwrap_or_else(|| now.as_millisecond())).max(1);
        let day_before = to.saturating_sub(Self::DEFAULT_MILLIS);
        let from = range.from().map_or(day_before, since_1970);
        if from >= to {
            return Err(FieldErrors::of("from", "must not be in the future, unless `to` is given"));
        }
        if to - from > Self::MAX_DAYS * 24 * MILLIS {
            let message = format!("must be at most {} days before `to`", Self::MAX_DAYS);
            return Err(FieldErrors::of("from", message));
        }
        Ok(Self { first: Hour::of_millis(from), last: Hour::of_millis(to - 1) })
    }

    /// The hour that contains `now`, and the 23 before it.
    pub fn day_until(now: Timestamp) -> Self {
        let last = Hour::of(now);
        Self { first: Hour(last.0.saturating_sub(23)), last }
    }

    /// The first.
    pub fn first(&self) -> Hour {
        self.first
    }

    /// The last.
    pub fn last(&self) -> Hour {
        self.last
    }

    /// The hours, in order.
    pub fn iter(&self) -> impl Iterator<Item = Hour> + use<> {
        (self.first.0..=self.last.0).map(Hour)
    }
}

#[cfg(test)]
mod tests;
