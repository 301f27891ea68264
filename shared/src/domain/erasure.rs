//! Erasure of reports.
//!
//! Copies of a report may still be in a queue. A [`Tombstone`] holds nothing of the report and makes
//! deliver drop those copies, for as long as one can exist.

use std::time::Duration;

use jiff::Timestamp;

use crate::domain::report::ReportKey;
use crate::domain::retry::RetrySchedule;

/// The most reports of which nothing is stored that an account may erase in an hour. Their ids may be made up,
/// and each costs a tombstone for 211 days, a message and two searches of the log.
pub const UNKNOWN_PER_HOUR: u32 = 100;

/// A repeated erasure of the same report within this time does nothing: the tombstone is there, and deliver drops copies.
pub const REPEAT_WINDOW: Duration = Duration::from_hours(24);

/// Marks a report as erased.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tombstone {
    /// The report.
    pub report: ReportKey,
    /// When the erasure was requested.
    pub asked_at: Timestamp,
}

impl Tombstone {
    /// The lifetime of a tombstone of a report or of an account, 211 days: the longest that any attempt may be
    /// deferred, and two passes through the dead-letter queue (7 days in a queue and 14 in the dead-letter
    /// queue, each time).
    pub const LIFETIME: Duration = {
        let round = Duration::from_hours((7 + 14) * 24);
        RetrySchedule::MAX_AGE.saturating_add(round).saturating_add(round)
    };

    /// When it expires, in seconds since the epoch.
    pub fn expires_at(asked_at: Timestamp) -> i64 {
        let lifetime = i64::try_from(Self::LIFETIME.as_secs()).unwrap_or(i64::MAX);
        asked_at.as_second().saturating_add(lifetime)
    }
}

/// How long work that began before an erasure may last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QuiescePeriod {
    /// The longest run of deliver.
    pub deliver_timeout: Duration,
    /// How long deliver caches accounts.
    pub config_cache: Duration,
}

impl QuiescePeriod {
    /// Allows for clock skew, and for eventually consistent reads of the log.
    const MARGIN: Duration = Duration::from_secs(30);
    /// API Gateway caches a key's authorization for 60 s, and a request lasts 30 s at most.
    const REQUESTS: Duration = Duration::from_secs(90);

    /// Until every invocation of deliver has ended that looked up a report's tombstone too early, or
    /// did not look because it had the account cached without the mark.
    pub fn of_reports(&self) -> Duration {
        self.deliver_timeout + self.config_cache + Self::MARGIN
    }

    /// Until no request of the account is in flight and deliver has read that it is erased.
    pub fn of_accounts(&self) -> Duration {
        (self.deliver_timeout + self.config_cache).max(Self::REQUESTS) + Self::MARGIN
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tombstone_outlives_every_message() {
        assert_eq!(Tombstone::LIFETIME.as_secs(), 211 * 24 * 60 * 60);
        let asked_at = Timestamp::from_second(1_700_000_000).unwrap();
        assert_eq!(Tombstone::expires_at(asked_at), 1_700_000_000 + 211 * 86_400);
    }

    #[test]
    fn the_quiesce_period_covers_deliver_its_cache_and_requests() {
        let seconds = Duration::from_secs;
        let usual = QuiescePeriod { deliver_timeout: seconds(120), config_cache: seconds(30) };
        assert_eq!(usual.of_reports(), seconds(180));
        assert_eq!(usual.of_accounts(), seconds(180));
        let quick = QuiescePeriod { deliver_timeout: seconds(20), config_cache: seconds(1) };
        assert_eq!(quick.of_accounts(), seconds(120), "requests count as well");
    }
}
