//! Ranges of time that a caller asks for.

use std::collections::HashMap;

use crate::fields::FieldErrors;
use crate::report::parse_millis;

/// Milliseconds since the epoch, `from` included and `to` not; absent ends are open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TimeRange {
    from: Option<u64>,
    to: Option<u64>,
}

impl TimeRange {
    /// Reads `from` and `to` of a query string: RFC 3339, or as the platform writes times
    /// (`YYYY-MM-DD HH:MM:SS`, UTC). Their order is checked.
    pub fn from_query(query: &HashMap<String, String>) -> Result<Self, FieldErrors> {
        let text = |name| query.get(name).map(String::as_str);
        Self::read(text("from"), text("to"))
    }

    /// Reads both ends, as [`TimeRange::from_query`] does.
    pub fn read(from: Option<&str>, to: Option<&str>) -> Result<Self, FieldErrors> {
        let mut errors = FieldErrors::default();
        let mut time = |name: &str, text: Option<&str>| {
            let millis = parse_millis(text?);
            if millis.is_none() {
                errors.add(
                    name,
                    "must be a time since 1970 such as 2026-11-22T23:00:00Z (RFC 3339; write + \
                     as %2B) or 2026-11-22 23:00:00 (UTC)",
                );
            }
            millis
        };
        let range = Self { from: time("from", from), to: time("to", to) };
        if range.from.zip(range.to).is_some_and(|(from, to)| from >= to) {
            errors.add("to", "must be later than `from`");
        }
        errors.into_result(range)
    }

    /// The first millisecond.
    pub fn from(&self) -> Option<u64> {
        self.from
    }

    /// The first millisecond after it.
    pub fn to(&self) -> Option<u64> {
        self.to
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways_of_writing_a_time_are_read() {
        let hour = 1_617_984_000_000;
        for (from, to) in [
            ("2021-04-09T16:00:00Z", "2021-04-09T17:00:00Z"),
            ("2021-04-09 16:00:00", "2021-04-09 17:00:00"),
            ("2021-04-09T21:30:00+05:30", "2021-04-09 17:00:00.000"),
        ] {
            let range = TimeRange::read(Some(from), Some(to)).unwrap();
            assert_eq!((range.from(), range.to()), (Some(hour), Some(hour + 3_600_000)), "{from}");
        }
        let day = TimeRange::read(Some("2021-04-09"), None).unwrap();
        assert_eq!((day.from(), day.to()), (Some(hour - 16 * 3_600_000), None));
        assert_eq!(TimeRange::read(None, None), Ok(TimeRange::default()));
    }

    #[test]
    fn what_is_wrong_is_named() {
        let wrong = |from, to| TimeRange::read(from, to).unwrap_err().to_string();
        for bad in
            ["", "yesterday", "1617985659", "1969-12-31 23:59:59", "2021-04-09T21:30:00 05:30"]
        {
            assert!(wrong(Some(bad), None).starts_with("`from` must be a time"), "{bad}");
        }
        let both = TimeRange::read(Some("x"), Some("y")).unwrap_err();
        assert_eq!(both.iter().count(), 2);
        for to in ["2021-04-09 16:00:00", "2021-04-09 15:00:00"] {
            let error = wrong(Some("2021-04-09T16:00:00Z"), Some(to));
            assert_eq!(error, "`to` must be later than `from`");
        }
    }
}
