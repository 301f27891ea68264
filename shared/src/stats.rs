//! Hourly figures of a webhook: what became of its deliveries, and how long its client took.
//!
//! They are for charts, not for invoices: a write that is repeated because its answer was lost
//! counts twice, and one that fails is not made up for.

mod hour;
mod latency;
mod tally;

pub use self::hour::{Hour, Hours};
pub use self::latency::LatencyCounts;
pub use self::tally::StatsTally;

/// What happened to a webhook's deliveries within an hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct HourlyCounts {
    /// Deliveries that were taken.
    pub delivered: u64,
    /// Deliveries that ended as failed.
    pub failed: u64,
    /// Deliveries that ended as skipped.
    pub skipped: u64,
    /// Requests that were sent.
    pub attempts: u64,
    /// Requests that the client did not take.
    pub failed_attempts: u64,
    /// How long the requests took, failed ones as well.
    pub latency: LatencyCounts,
}

impl HourlyCounts {
    /// Days that they are kept, from the beginning of the hour.
    pub const RETENTION_DAYS: i64 = 400;

    /// Adds what `other` counted.
    pub fn merge(&mut self, other: &Self) {
        self.delivered += other.delivered;
        self.failed += other.failed;
        self.skipped += other.skipped;
        self.attempts += other.attempts;
        self.failed_attempts += other.failed_attempts;
        self.latency.merge(&other.latency);
    }
}
