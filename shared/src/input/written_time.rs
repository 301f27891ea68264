//! Times as callers and engines write them: `YYYY-MM-DD HH:MM:SS` as local time, or ISO 8601.

use jiff::Timestamp;
use jiff::civil::{DateTime, Time, datetime};
use jiff::fmt::temporal::Pieces;
use jiff::tz::TimeZone;

/// A date and time that was parsed from text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WrittenTime {
    /// A time with `Z` or an offset, in milliseconds since the epoch.
    Instant(i64),
    /// A local time of a zone that the text does not name.
    Local(DateTime),
}

impl WrittenTime {
    /// The longest text that is parsed, in bytes.
    const MAX_BYTES: usize = 64;
    const EPOCH: DateTime = datetime(1970, 1, 1, 0, 0, 0, 0);

    /// Reads `YYYY-MM-DD`, with or without a time after a space or `T`, a fraction, and `Z` or an
    /// offset. `None` for other texts and for days and times that do not exist.
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.len() > Self::MAX_BYTES {
            return None;
        }
        let pieces = Pieces::parse(text).ok()?;
        let clock = pieces.date().to_datetime(pieces.time().unwrap_or_else(Time::midnight));
        Some(match pieces.to_numeric_offset() {
            Some(offset) => {
                Self::Instant(millis_as_utc(clock) - i64::from(offset.seconds()) * 1_000)
            }
            None => Self::Local(clock),
        })
    }

    /// Milliseconds since the epoch, with a local time read as UTC. Times beyond [`Timestamp::MAX`] in
    /// UTC have them as well.
    pub fn millis_as_utc(self) -> i64 {
        match self {
            Self::Instant(millis) => millis,
            Self::Local(clock) => millis_as_utc(clock),
        }
    }

    /// Milliseconds since the epoch, with a local time in `zone`. As in templates, an ambiguous time is
    /// the first of the two, and a skipped time is moved forward by the gap.
    pub fn millis_in(self, zone: &TimeZone) -> i64 {
        match self {
            Self::Instant(millis) => millis,
            Self::Local(clock) => zone.to_timestamp(clock).map_or_else(
                |_| {
                    let millis = millis_as_utc(clock);
                    millis - offset_at(zone, millis)
                },
                Timestamp::as_millisecond,
            ),
        }
    }
}

/// The offset of `zone` from UTC, in milliseconds, at an instant in milliseconds since the epoch,
/// clamped to the range of [`Timestamp`].
pub fn offset_at(zone: &TimeZone, millis: i64) -> i64 {
    let (least, most) = (Timestamp::MIN.as_millisecond(), Timestamp::MAX.as_millisecond());
    let instant = Timestamp::from_millisecond(millis.clamp(least, most)).unwrap_or_default();
    i64::from(zone.to_offset(instant).seconds()) * 1_000
}

fn millis_as_utc(clock: DateTime) -> i64 {
    let since = clock.duration_since(WrittenTime::EPOCH);
    since.as_secs() * 1_000 + i64::from(since.subsec_millis())
}
