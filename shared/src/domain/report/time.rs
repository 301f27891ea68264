//! Times in reports: `YYYY-MM-DD HH:MM:SS` as local time of the account's zone, or ISO 8601.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::Report;
use crate::input::fields::FieldError;
use crate::input::written_time::WrittenTime;

impl Report {
    /// The fields with the time of the call, in order of precedence.
    pub const CALL_TIMES: [&str; 2] = ["end_at", "start_at"];

    /// The time of the call: its end, else its start. `None` if neither is a date and time.
    pub fn call_time(&self) -> Option<WrittenTime> {
        Self::CALL_TIMES
            .into_iter()
            .find_map(|field| WrittenTime::read(self.value(field)?.as_str()?))
    }

    /// The time of the call with local times in `zone`, else the time of receipt, in milliseconds
    /// since the epoch. Ranges of time use it.
    pub fn millis_in(&self, zone: &TimeZone, received_at: Timestamp) -> i64 {
        self.call_time().map_or_else(|| received_at.as_millisecond(), |time| time.millis_in(zone))
    }

    /// Warnings about times of the call that are present but not a date and time: engines write
    /// `0000-00-00 00:00:00` for a call that was never answered. The warnings do not repeat the text.
    pub fn time_warnings(&self) -> Vec<FieldError> {
        let is_wrong = |field: &&str| {
            let text = self.fields.get(*field).map(|value| value.as_str().map(WrittenTime::read));
            text.is_some_and(|time| time.flatten().is_none())
        };
        let warning = |field: &str| FieldError {
            field: field.to_owned(),
            message: "is not a date and time such as 2021-04-09 16:27:39; it is passed on as it \
                      came and counts as absent"
                .to_owned(),
        };
        Self::CALL_TIMES.into_iter().filter(is_wrong).map(warning).collect()
    }
}

/// A time in the platform's format, in UTC.
pub(super) fn format(time: Timestamp) -> String {
    time.to_zoned(TimeZone::UTC).strftime("%Y-%m-%d %H:%M:%S").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time_zone::time_zone;

    const CALL: i64 = 1_617_985_659_000;

    fn as_utc(text: &str) -> Option<i64> {
        WrittenTime::read(text).map(WrittenTime::millis_as_utc)
    }

    #[test]
    fn every_format_of_a_time_is_read() {
        for (text, millis, is_local) in [
            ("2021-04-09 16:27:39", CALL, true),
            (" 2021-04-09T16:27:39\n", CALL, true),
            ("2021-04-09T16:27:39.25", CALL + 250, true),
            ("2021-04-09 16:27:39.250999999", CALL + 250, true),
            ("2021-04-09 16:27", CALL - 39_000, true),
            ("2021-04-09", 1_617_926_400_000, true),
            ("2021-04-09T16:27:39Z", CALL, false),
            ("2021-04-09 16:27:39.5Z", CALL + 500, false),
            ("2021-04-09T21:57:39+05:30", CALL, false),
            ("2021-04-09 21:57:39+0530", CALL, false),
            ("2021-04-09T12:27:39-04:00[America/New_York]", CALL, false),
        ] {
            assert_eq!(as_utc(text), Some(millis), "{text}");
            let time = WrittenTime::read(text).unwrap();
            assert_eq!(matches!(time, WrittenTime::Local(_)), is_local, "{text}");
        }
    }

    #[test]
    fn every_valid_time_has_milliseconds_however_early_or_late() {
        for (text, millis) in [
            ("9999-12-31 23:59:59", 253_402_300_799_000),
            ("9999-12-31T23:59:59Z", 253_402_300_799_000),
            ("9999-12-31T23:59:59-12:00", 253_402_344_000_000 - 1_000),
            ("1969-12-31 23:59:59", -1_000),
            ("0001-01-01T00:00:00Z", -62_135_596_800_000),
        ] {
            assert_eq!(as_utc(text), Some(millis), "{text}");
        }
        let kolkata = time_zone("Asia/Kolkata").unwrap();
        for (text, millis) in [
            ("9999-12-31 23:59:59", 253_402_300_799_000 - 19_800_000),
            ("9999-12-31T23:59:59Z", 253_402_300_799_000),
            ("1970-01-01 00:00:00", -19_800_000),
        ] {
            assert_eq!(WrittenTime::read(text).unwrap().millis_in(&kolkata), millis, "{text}");
        }
    }

    #[test]
    fn texts_that_are_not_a_date_and_time_are_absent() {
        for none in [
            "",
            " ",
            "never",
            "null",
            "0",
            "0000-00-00 00:00:00",
            "0000-00-00",
            "-0001-11-30 00:00:00",
            "2021-02-30 00:00:00",
            "2021-04-09 25:00:00",
            "25:00:00",
            "16:27:39",
            "09/04/2021 16:27:39",
            "1617985659",
            &"2".repeat(10_000),
        ] {
            assert_eq!(WrittenTime::read(none), None, "{none}");
        }
    }

    #[test]
    fn a_local_time_is_read_in_its_zone() {
        let instant = |text: &str| -> i64 { text.parse::<Timestamp>().unwrap().as_millisecond() };
        for (text, zone, expected) in [
            ("2026-11-28 20:00:00", "Asia/Kolkata", "2026-11-28T14:30:00Z"),
            ("2026-11-28 00:10:00", "Asia/Kolkata", "2026-11-27T18:40:00Z"),
            ("2026-11-28 20:00:00", "America/New_York", "2026-11-29T01:00:00Z"),
            ("2026-11-28T20:00:00Z", "America/New_York", "2026-11-28T20:00:00Z"),
            // Ambiguous on the day that summer time ends.
            ("2026-11-01 01:30:00", "America/New_York", "2026-11-01T05:30:00Z"),
            ("2026-11-01 02:00:00", "America/New_York", "2026-11-01T07:00:00Z"),
            // Skipped on the day that summer time begins.
            ("2026-03-08 02:30:00", "America/New_York", "2026-03-08T07:30:00Z"),
            ("2026-03-08 03:30:00", "America/New_York", "2026-03-08T07:30:00Z"),
        ] {
            let zone = time_zone(zone).unwrap();
            let time = WrittenTime::read(text).unwrap();
            assert_eq!(time.millis_in(&zone), instant(expected), "{text}");
        }
    }

    #[test]
    fn the_time_of_a_call_is_its_end_else_its_start_else_its_receipt() {
        let received_at = Timestamp::from_second(1_700_000_000).unwrap();
        for (report, expected) in [
            (
                r#"{"start_at": "2021-04-09 16:27:39", "end_at": "2021-04-09 16:27:55"}"#,
                CALL + 16_000,
            ),
            (r#"{"start_at": "2021-04-09 16:27:39", "end_at": "0000-00-00 00:00:00"}"#, CALL),
            (r#"{"start_at": "2021-04-09 16:27:39", "end_at": null}"#, CALL),
            (r#"{"start_at": "", "date": "2021-04-09 16:27:39"}"#, 1_700_000_000_000),
            ("{}", 1_700_000_000_000),
        ] {
            let report = Report::parse(report).unwrap();
            assert_eq!(report.millis_in(&TimeZone::UTC, received_at), expected);
        }
    }

    #[test]
    fn warnings_name_invalid_times_without_repeating_them() {
        for (report, fields) in [
            (r#"{"start_at": "2021-04-09 16:27:39", "end_at": "9999-12-31 23:59:59"}"#, &[][..]),
            (r#"{"status": "BUSY"}"#, &[]),
            (
                r#"{"start_at": "2021-04-09 16:27:39", "end_at": "0000-00-00 00:00:00"}"#,
                &["end_at"],
            ),
            (
                r#"{"start_at": "25:00:00", "end_at": "2021-02-30 918867130000"}"#,
                &["end_at", "start_at"],
            ),
            (r#"{"start_at": "", "end_at": null}"#, &["end_at", "start_at"]),
        ] {
            let warnings = Report::parse(report).unwrap().time_warnings();
            let named: Vec<_> = warnings.iter().map(|warning| warning.field.as_str()).collect();
            assert_eq!(named, fields, "{report}");
            assert!(warnings.iter().all(|warning| !warning.message.contains("918867130000")));
        }
    }

    #[test]
    fn format_is_the_inverse() {
        let time = Timestamp::from_millisecond(CALL).unwrap();
        assert_eq!(format(time), "2021-04-09 16:27:39");
    }
}
