//! The platform's times: `YYYY-MM-DD HH:MM:SS`, without a zone.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// Milliseconds since the epoch of a platform time read as UTC, or of an RFC 3339 time; `None` for
/// other texts and for times before 1970 (engines write `0000-00-00 00:00:00` for "never").
pub fn parse_millis(text: &str) -> Option<u64> {
    // In this order: a civil time would be read from a text with an offset as well, without it.
    let stamp = match text.parse::<Timestamp>() {
        Ok(stamp) => stamp,
        Err(_) => text.parse::<DateTime>().ok()?.to_zoned(TimeZone::UTC).ok()?.timestamp(),
    };
    u64::try_from(stamp.as_millisecond()).ok()
}

/// A time as the platform writes it, in UTC.
pub(super) fn format(time: Timestamp) -> String {
    time.to_zoned(TimeZone::UTC).strftime("%Y-%m-%d %H:%M:%S").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn platform_times_read_as_utc() {
        assert_eq!(parse_millis("2021-04-09 16:27:39"), Some(1_617_985_659_000));
        assert_eq!(parse_millis("2021-04-09T16:27:39Z"), Some(1_617_985_659_000));
        assert_eq!(parse_millis("2021-04-09T21:57:39+05:30"), Some(1_617_985_659_000));
        for none in
            ["", "never", "0000-00-00 00:00:00", "1969-12-31 23:59:59", "2021-02-30 00:00:00"]
        {
            assert_eq!(parse_millis(none), None, "{none}");
        }
    }

    #[test]
    fn format_is_the_inverse() {
        let time = Timestamp::from_millisecond(1_617_985_659_000).unwrap();
        assert_eq!(format(time), "2021-04-09 16:27:39");
    }
}
