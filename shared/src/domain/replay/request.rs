//! Requests for replays.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::domain::account::AccountZone;
use crate::domain::delivery::{ReplayScope, ReportTimes};
use crate::input::fields::{FieldErrors, Fields, kind_of};
use crate::input::time_range::{RULE, TimeRange};
use crate::input::written_time::WrittenTime;

/// A requested replay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReplayRequest {
    /// The times of the reports.
    pub range: ReplayRange,
    /// Which deliveries of these reports.
    pub scope: ReplayScope,
}

/// A range of the times of reports ([`ReportTimes`]), the end not included.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplayRange {
    from: Timestamp,
    to: Timestamp,
    /// The zone of local times in the reports: the account's zone when the replay was requested. UTC
    /// for jobs stored without a zone.
    #[serde(default)]
    time_zone: AccountZone,
}

impl ReplayRange {
    /// The longest range, which exceeds the longest retention.
    pub const MAX: SignedDuration = SignedDuration::from_hours(366 * 24);

    /// The range `from..to`, for reports with local times in `time_zone`. The error completes "`to` …".
    pub fn new(
        from: Timestamp,
        to: Timestamp,
        time_zone: AccountZone,
    ) -> Result<Self, &'static str> {
        match to.duration_since(from) {
            length if !length.is_positive() => Err("must be later than `from`"),
            length if length > Self::MAX => Err("must be at most 366 days after `from`"),
            _ => Ok(Self { from, to, time_zone }),
        }
    }

    /// Its beginning.
    pub fn from(&self) -> Timestamp {
        self.from
    }

    /// Its end, exclusive.
    pub fn to(&self) -> Timestamp {
        self.to
    }

    /// Whether both ranges have a time in common.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.from < other.to && other.from < self.to
    }

    /// The times of the reports in the range.
    pub fn times(&self) -> ReportTimes {
        let millis = |time: Timestamp| Some(time.as_millisecond());
        let range = TimeRange::new(millis(self.from), millis(self.to));
        ReportTimes::new(range, self.time_zone.zone().clone())
    }
}

impl ReplayRequest {
    /// Reads `from`, `to` and `deliveries` (`failed` or `all`). `zone` is the account's.
    pub fn from_json(object: &Map<String, Value>, zone: AccountZone) -> Result<Self, FieldErrors> {
        let mut fields = Fields::new(object);
        let from = required_time(&mut fields, "from", zone.zone());
        let to = required_time(&mut fields, "to", zone.zone());
        let scope = fields.parsed("deliveries", parse_scope).unwrap_or_default();
        let range = from.zip(to).and_then(|(from, to)| {
            ReplayRange::new(from, to, zone).map_err(|error| fields.errors.add("to", error)).ok()
        });
        let errors = fields.finish();
        match range {
            Some(range) => errors.into_result(Self { range, scope }),
            None => Err(errors),
        }
    }
}

fn required_time(
    fields: &mut Fields<'_>,
    name: &'static str,
    zone: &TimeZone,
) -> Option<Timestamp> {
    if fields.value(name).is_none() {
        fields.errors.add(name, "is required");
    }
    fields.parsed(name, |value| parse_time(value, zone))
}

fn parse_time(value: &Value, zone: &TimeZone) -> Result<Timestamp, String> {
    let Some(text) = value.as_str() else {
        return Err(format!("must be {RULE}, not {}", kind_of(value)));
    };
    WrittenTime::read(text)
        .and_then(|time| Timestamp::from_millisecond(time.millis_in(zone)).ok())
        .ok_or_else(|| format!("must be {RULE}"))
}

fn parse_scope(value: &Value) -> Result<ReplayScope, &'static str> {
    match value.as_str() {
        Some("failed") => Ok(ReplayScope::Failed),
        Some("all") => Ok(ReplayScope::All),
        _ => Err("must be `failed` or `all`"),
    }
}
