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
mod tests {
    use super::*;

    fn time(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn read(pairs: &[(&str, &str)]) -> Result<Hours, FieldErrors> {
        let query = pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        Hours::from_query(&query, &TimeZone::UTC, time("2026-11-22T23:30:00Z"))
    }

    #[test]
    fn an_hour_reads_back_what_it_writes_and_sorts_as_text() {
        let hour = Hour::of(time("2026-11-22T23:59:59.999Z"));
        assert_eq!(hour.to_string(), "2026-11-22T23");
        assert_eq!(hour.start(), time("2026-11-22T23:00:00Z"));
        assert_eq!("2026-11-22T23".parse(), Ok(hour));
        let next = Hour::of(time("2026-11-23T00:00:00Z"));
        assert!(hour < next && hour.to_string() < next.to_string());
        for bad in ["", "2026-11-22", "2026-11-22T24", "2026-11-22T23:00"] {
            assert_eq!(bad.parse::<Hour>(), Err(InvalidHour), "{bad}");
        }
    }

    #[test]
    fn a_range_has_the_hours_that_it_overlaps() {
        let hours = |from, to| -> Vec<String> {
            let hours = read(&[("from", from), ("to", to)]).unwrap();
            hours.iter().map(|hour| hour.to_string()).collect()
        };
        assert_eq!(hours("2026-11-22 22:00:00", "2026-11-22 23:00:00"), ["2026-11-22T22"]);
        let overlapped = hours("2026-11-22 22:59:59", "2026-11-22 23:00:01");
        assert_eq!(overlapped, ["2026-11-22T22", "2026-11-22T23"]);
        let day = read(&[]).unwrap();
        let (first, last) = (day.first().to_string(), day.last().to_string());
        assert_eq!((first.as_str(), last.as_str()), ("2026-11-21T23", "2026-11-22T23"));
        let month = read(&[("from", "2026-10-01"), ("to", "2026-11-01")]).unwrap();
        assert_eq!(month.iter().count(), 744);
    }

    #[test]
    fn times_without_offset_are_local_to_the_account() {
        let kolkata = crate::domain::time_zone::time_zone("Asia/Kolkata").unwrap();
        let range = [("from", "2026-11-23 00:00:00"), ("to", "2026-11-22T20:30:00Z")];
        let query = range.map(|(k, v)| (k.to_owned(), v.to_owned())).into();
        let hours = Hours::from_query(&query, &kolkata, time("2026-11-23T00:00:00Z")).unwrap();
        let hours: Vec<_> = hours.iter().map(|hour| hour.to_string()).collect();
        assert_eq!(hours, ["2026-11-22T18", "2026-11-22T19", "2026-11-22T20"]);
    }

    #[test]
    fn a_range_is_bounded() {
        let wrong = |pairs: &[_]| read(pairs).unwrap_err().to_string();
        assert_eq!(
            wrong(&[("from", "2026-10-01"), ("to", "2026-11-01 00:00:01")]),
            "`from` must be at most 31 days before `to`"
        );
        assert!(wrong(&[("from", "2026-11-23")]).contains("must not be in the future"));
        assert!(wrong(&[("from", "x")]).contains("must be a time"));
    }
}
