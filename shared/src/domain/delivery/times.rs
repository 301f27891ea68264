//! Ranges of time, translated to ranges of report ids.
//!
//! The log is sorted by the ids of reports, and an id begins with milliseconds
//! ([`crate::domain::report::id`]) that mean one of three things:
//!
//! | the report has | milliseconds |
//! |---|---|
//! | a local time of the account's zone | that time, read as UTC |
//! | an instant | that instant |
//! | no time and no `id` | the time of receipt |
//! | no time, but an `id` or a key; or a time before 1970 | zero |
//!
//! So a range of instants becomes up to four spans of ids. In some spans every report is in the range;
//! in the others each report has to be checked.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::domain::ids::ReportId;
use crate::domain::report::Report;
use crate::input::time_range::TimeRange;
use crate::input::written_time::offset_at;

/// A range of instants, and the zone of the local times in an account's reports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportTimes {
    range: TimeRange,
    zone: TimeZone,
}

/// A range of report ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReportIds {
    /// The lowest id, inclusive.
    pub from: ReportId,
    /// The upper bound, exclusive.
    pub before: ReportId,
}

/// Ids of reports that may be in a range of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The ids.
    pub ids: ReportIds,
    /// Whether every report in the span is in the range. If not, [`ReportTimes::contains`] decides.
    pub is_certain: bool,
}

/// The milliseconds of an id have 48 bits.
const END: i64 = 1 << 48;
/// No zone changes its clocks by more than this at a time, in milliseconds.
const LARGEST_CHANGE: i64 = 26 * 3_600_000;

impl ReportTimes {
    /// The instants of `range`, for reports with local times in `zone`.
    pub fn new(range: TimeRange, zone: TimeZone) -> Self {
        Self { range, zone }
    }

    /// Whether the range contains a report that was received at `received_at`.
    pub fn contains(&self, report: &Report, received_at: Timestamp) -> bool {
        self.range.is_open() || self.range.contains(report.millis_in(&self.zone, received_at))
    }

    /// The spans of ids of all reports in the range, lowest first: at most four, without overlaps.
    pub fn spans(&self) -> Vec<Span> {
        if self.range.is_open() {
            return vec![Span { ids: ids(0, END), is_certain: true }];
        }
        // The least and the greatest local times, read as UTC.
        let (first, last) = self.clock(self.range.from(), 1);
        let (earliest_end, latest_end) = self.clock(self.range.to(), END);
        let instants = (self.range.from().unwrap_or(1), self.range.to().unwrap_or(END));
        let possible = (first, latest_end);
        let certain = (last.max(instants.0), earliest_end.min(instants.1));
        let uncertain = |(from, to)| (from, to, false);
        let all = (possible.0.min(instants.0), possible.1.max(instants.1));
        let of_time = if certain.0 < certain.1 {
            let before = uncertain((all.0, certain.0));
            vec![before, (certain.0, certain.1, true), uncertain((certain.1, all.1))]
        } else if possible.0 <= instants.1 && instants.0 <= possible.1 {
            vec![uncertain(all)]
        } else {
            vec![uncertain(possible.min(instants)), uncertain(possible.max(instants))]
        };
        let of_time = of_time.into_iter().filter_map(|(from, to, is_certain)| {
            let (from, to) = (from.clamp(1, END), to.clamp(1, END));
            (from < to).then(|| Span { ids: ids(from, to), is_certain })
        });
        let without_time = Span { ids: ids(0, 1), is_certain: false };
        std::iter::once(without_time).chain(of_time).collect()
    }

    /// The spans of the ids below `after`, highest first; all of them if it is absent.
    pub fn spans_below(&self, after: Option<ReportId>) -> Vec<Span> {
        let below = |span: Span| {
            let before = after.map_or(span.ids.before, |after| after.min(span.ids.before));
            let ids = ReportIds { before, ..span.ids };
            (ids.from < ids.before).then_some(Span { ids, ..span })
        };
        self.spans().into_iter().rev().filter_map(below).collect()
    }

    /// The least and the greatest local time around an instant, read as UTC; `open` if the range has no
    /// such end. They differ only within a day of a change of the clocks.
    fn clock(&self, instant: Option<i64>, open: i64) -> (i64, i64) {
        let Some(instant) = instant else { return (open, open) };
        let offset = |near: i64| offset_at(&self.zone, instant.saturating_add(near));
        let [before, at, after] = [-LARGEST_CHANGE, 0, LARGEST_CHANGE].map(offset);
        (instant + before.min(at).min(after), instant + before.max(at).max(after))
    }
}

impl Default for ReportTimes {
    fn default() -> Self {
        Self::new(TimeRange::default(), TimeZone::UTC)
    }
}

/// The ids of the milliseconds `from..to`, each 0 to [`END`].
fn ids(from: i64, to: i64) -> ReportIds {
    let lowest = |millis: i64| match u64::try_from(millis) {
        Ok(millis) if millis < END.unsigned_abs() => ReportId::lowest_at(millis),
        Ok(_) => ReportId::upper_bound(),
        Err(_) => ReportId::lowest_at(0),
    };
    ReportIds { from: lowest(from), before: lowest(to) }
}

#[cfg(test)]
mod tests;
