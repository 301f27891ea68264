//! Reading a request for a replay.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::delivery::ReplayScope;
use crate::fields::{FieldErrors, Fields, kind_of};
use crate::ids::ReportId;
use crate::report::parse_millis;

/// What a client asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReplayRequest {
    /// The times of the reports.
    pub range: ReplayRange,
    /// Which of their deliveries.
    pub scope: ReplayScope,
}

/// A range of the times of reports, the end not included. The time of a report is the one that
/// its id begins with ([`crate::report::id`]), in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplayRange {
    from: Timestamp,
    to: Timestamp,
}

impl ReplayRange {
    /// The longest range: longer than any log is kept.
    pub const MAX: SignedDuration = SignedDuration::from_hours(366 * 24);

    /// From `from` until before `to`. The error completes "`to` …".
    pub fn new(from: Timestamp, to: Timestamp) -> Result<Self, &'static str> {
        match to.duration_since(from) {
            length if !length.is_positive() => Err("must be later than `from`"),
            length if length > Self::MAX => Err("must be at most 366 days after `from`"),
            _ => Ok(Self { from, to }),
        }
    }

    /// Its beginning.
    pub fn from(&self) -> Timestamp {
        self.from
    }

    /// Its end, which is not part of it.
    pub fn to(&self) -> Timestamp {
        self.to
    }

    /// Whether some time is in both.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.from < other.to && other.from < self.to
    }

    /// The lowest id of a report in the range, and the lowest one behind it, which no report has:
    /// a report's id is never the lowest of its millisecond.
    pub fn ids(&self) -> (ReportId, ReportId) {
        let lowest = |time: Timestamp| {
            ReportId::lowest_at(u64::try_from(time.as_millisecond()).unwrap_or(0))
        };
        (lowest(self.from), lowest(self.to))
    }
}

impl ReplayRequest {
    /// Reads `from`, `to` and `deliveries` (`failed` or `all`).
    pub fn from_json(object: &Map<String, Value>) -> Result<Self, FieldErrors> {
        let mut fields = Fields::new(object);
        let from = required_time(&mut fields, "from");
        let to = required_time(&mut fields, "to");
        let scope = fields.parsed("deliveries", parse_scope).unwrap_or_default();
        let range = from.zip(to).and_then(|(from, to)| {
            ReplayRange::new(from, to).map_err(|error| fields.errors.add("to", error)).ok()
        });
        let errors = fields.finish();
        match range {
            Some(range) => errors.into_result(Self { range, scope }),
            None => Err(errors),
        }
    }
}

fn required_time(fields: &mut Fields<'_>, name: &'static str) -> Option<Timestamp> {
    if fields.value(name).is_none() {
        fields.errors.add(name, "is required");
    }
    fields.parsed(name, parse_time)
}

fn parse_time(value: &Value) -> Result<Timestamp, String> {
    let rule = "a time since 1970: RFC 3339, or `YYYY-MM-DD HH:MM:SS` in UTC";
    let Some(text) = value.as_str() else {
        return Err(format!("must be {rule}, not {}", kind_of(value)));
    };
    parse_millis(text)
        .and_then(|millis| Timestamp::from_millisecond(i64::try_from(millis).ok()?).ok())
        .ok_or_else(|| format!("must be {rule}"))
}

fn parse_scope(value: &Value) -> Result<ReplayScope, &'static str> {
    match value.as_str() {
        Some("failed") => Ok(ReplayScope::Failed),
        Some("all") => Ok(ReplayScope::All),
        _ => Err("must be `failed` or `all`"),
    }
}
