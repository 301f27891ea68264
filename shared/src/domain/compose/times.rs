//! Times in reports.
//!
//! In: text such as `YYYY-MM-DD HH:MM:SS`, which has no zone and is read in the account's. Out: a
//! `Zoned` time, and text in the platform's format or ISO 8601.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

/// Parses a time of the platform, an ISO 8601 time or seconds since 1970; also `now` and `today`.
pub(super) fn parse(text: &str, zone: TimeZone, now: Timestamp) -> Option<Zoned> {
    let text = text.trim();
    // No time is longer; skips the parsing of long texts.
    if text.len() > 64 {
        return None;
    }
    if matches!(text, "now" | "today") {
        return Some(now.to_zoned(zone));
    }
    if let Ok(seconds) = text.parse() {
        let time = Timestamp::from_second(seconds).ok()?;
        return Some(time.to_zoned(zone));
    }
    parse_date_time(text, zone)
}

/// Parses a time of the platform or an ISO 8601 time.
pub(super) fn parse_date_time(text: &str, zone: TimeZone) -> Option<Zoned> {
    let text = text.trim();
    if text.len() > 64 || !text.as_bytes().first()?.is_ascii_digit() {
        return None;
    }
    if let Ok(time) = text.parse::<Timestamp>() {
        return Some(time.to_zoned(zone));
    }
    text.parse::<DateTime>().ok()?.to_zoned(zone).ok()
}

/// Formats a time as the platform does: `2021-04-09 16:27:39`.
pub(super) fn to_platform(time: &Zoned) -> String {
    time.strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// Formats a time as ISO 8601 with its offset: `2021-04-09T16:27:39+05:30`.
pub(super) fn to_iso8601(time: &Zoned) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time_zone::time_zone;

    #[test]
    fn every_format_of_a_time_is_read_in_the_zone() {
        let zone = time_zone("Asia/Kolkata").unwrap();
        let now = Timestamp::from_second(1_617_965_859).unwrap();
        for text in [
            "2021-04-09 16:27:39",
            " 2021-04-09T16:27:39 ",
            "2021-04-09T10:57:39Z",
            "2021-04-09 12:57:39+02:00",
            "1617965859",
            "now",
        ] {
            let time = parse(text, zone.clone(), now).unwrap();
            assert_eq!(to_iso8601(&time), "2021-04-09T16:27:39+05:30", "{text}");
            assert_eq!(to_platform(&time), "2021-04-09 16:27:39", "{text}");
        }
        for none in ["", "never", "0000-00-00 00:00:00", "99999999999999999", "-", "ü"] {
            assert_eq!(parse(none, zone.clone(), now), None, "{none}");
        }
    }
}
