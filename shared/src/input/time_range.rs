//! Ranges of time in requests.

use std::collections::HashMap;

use jiff::tz::TimeZone;

use crate::input::fields::FieldErrors;
use crate::input::written_time::WrittenTime;

/// The accepted formats; completes "`from` must be …".
pub const RULE: &str = "a time such as 2026-11-22T23:00:00+05:30 (RFC 3339; in a URL, write + as \
                        %2B), or 2026-11-22 23:00:00 in the account's time zone";

/// Instants in milliseconds since the epoch, `from` included and `to` not; absent ends are open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TimeRange {
    from: Option<i64>,
    to: Option<i64>,
}

impl TimeRange {
    /// The range from `from` until before `to`.
    pub fn new(from: Option<i64>, to: Option<i64>) -> Self {
        Self { from, to }
    }

    /// Whether a query string names a range, so that the account's zone is needed to read it.
    pub fn is_in_query(query: &HashMap<String, String>) -> bool {
        query.contains_key("from") || query.contains_key("to")
    }

    /// Reads `from` and `to` of a query string: RFC 3339, or the platform's format
    /// (`YYYY-MM-DD HH:MM:SS`) as local time in `zone`. `to` must be later than `from`.
    pub fn from_query(
        query: &HashMap<String, String>,
        zone: &TimeZone,
    ) -> Result<Self, FieldErrors> {
        let text = |name| query.get(name).map(String::as_str);
        Self::read(text("from"), text("to"), zone)
    }

    /// Reads both ends, as [`TimeRange::from_query`] does.
    pub fn read(
        from: Option<&str>,
        to: Option<&str>,
        zone: &TimeZone,
    ) -> Result<Self, FieldErrors> {
        let mut errors = FieldErrors::default();
        let mut time = |name: &str, text: Option<&str>| {
            let time = WrittenTime::read(text?);
            if time.is_none() {
                errors.add(name, format_args!("must be {RULE}"));
            }
            time.map(|time| time.millis_in(zone))
        };
        let range = Self { from: time("from", from), to: time("to", to) };
        if range.from.zip(range.to).is_some_and(|(from, to)| from >= to) {
            errors.add("to", "must be later than `from`");
        }
        errors.into_result(range)
    }

    /// The first millisecond.
    pub fn from(&self) -> Option<i64> {
        self.from
    }

    /// The first millisecond after the range.
    pub fn to(&self) -> Option<i64> {
        self.to
    }

    /// Whether it is unbounded, and so contains every time.
    pub fn is_open(&self) -> bool {
        self.from.is_none() && self.to.is_none()
    }

    /// Whether the range contains a time in milliseconds since the epoch.
    pub fn contains(&self, millis: i64) -> bool {
        self.from.is_none_or(|from| from <= millis) && self.to.is_none_or(|to| millis < to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time_zone::time_zone;

    const HOUR: i64 = 3_600_000;

    fn range(from: &str, to: &str, zone: &str) -> (Option<i64>, Option<i64>) {
        let range = TimeRange::read(Some(from), Some(to), &time_zone(zone).unwrap()).unwrap();
        (range.from(), range.to())
    }

    #[test]
    fn every_format_of_a_time_is_read() {
        let four = 1_617_984_000_000;
        for (from, to) in [
            ("2021-04-09T16:00:00Z", "2021-04-09T17:00:00Z"),
            ("2021-04-09 16:00:00", "2021-04-09 17:00:00"),
            ("2021-04-09T21:30:00+05:30", "2021-04-09 17:00:00.000"),
        ] {
            assert_eq!(range(from, to, "UTC"), (Some(four), Some(four + HOUR)), "{from}");
        }
        let day = TimeRange::read(Some("2021-04-09"), None, &TimeZone::UTC).unwrap();
        assert_eq!((day.from(), day.to()), (Some(four - 16 * HOUR), None));
        assert_eq!(TimeRange::read(None, None, &TimeZone::UTC), Ok(TimeRange::default()));
        let ever = range("1960-01-01", "9999-12-31 23:59:59", "Asia/Kolkata");
        assert!(ever.0.unwrap() < 0 && ever.1.unwrap() > 253_402_200_000_000, "{ever:?}");
    }

    #[test]
    fn a_time_without_offset_is_local_to_the_account() {
        let four = 1_617_984_000_000;
        for (from, to, zone) in [
            ("2021-04-09 21:30:00", "2021-04-09 22:30:00", "Asia/Kolkata"),
            ("2021-04-09T12:00:00", "2021-04-09 13:00", "America/New_York"),
            ("2021-04-09T16:00:00Z", "2021-04-09T18:00:00+01:00", "America/New_York"),
        ] {
            assert_eq!(range(from, to, zone), (Some(four), Some(four + HOUR)), "{from} {zone}");
        }
        // Ranges around the begin and the end of summer time.
        let (from, to) = range("2026-03-08 01:30:00", "2026-03-08 03:30:00", "America/New_York");
        assert_eq!(to.unwrap() - from.unwrap(), HOUR);
        let (from, to) = range("2026-11-01 00:30:00", "2026-11-01 02:30:00", "America/New_York");
        assert_eq!(to.unwrap() - from.unwrap(), 3 * HOUR);
    }

    #[test]
    fn a_range_contains_its_beginning_and_not_its_end() {
        let range = TimeRange::new(Some(10), Some(20));
        let contained: Vec<_> = (8..22).filter(|millis| range.contains(*millis)).collect();
        assert_eq!((contained.first(), contained.last()), (Some(&10), Some(&19)));
        assert!(TimeRange::new(None, Some(20)).contains(-5));
        assert!(TimeRange::new(Some(10), None).contains(i64::MAX));
    }

    #[test]
    fn each_wrong_end_is_named() {
        let wrong = |from, to| TimeRange::read(from, to, &TimeZone::UTC).unwrap_err().to_string();
        for bad in ["", "yesterday", "1617985659", "2021-02-30", "2021-04-09T21:30:00 05:30"] {
            assert!(wrong(Some(bad), None).starts_with("`from` must be a time"), "{bad}");
        }
        let both = TimeRange::read(Some("x"), Some("y"), &TimeZone::UTC).unwrap_err();
        assert_eq!(both.iter().count(), 2);
        for to in ["2021-04-09 16:00:00", "2021-04-09 15:00:00"] {
            let error = wrong(Some("2021-04-09T16:00:00Z"), Some(to));
            assert_eq!(error, "`to` must be later than `from`");
        }
    }
}
