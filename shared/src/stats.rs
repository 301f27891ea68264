//! Hourly figures of a webhook and of an account: what became of their deliveries, and how long the
//! receivers took.
//!
//! They are made of the changes of the log of deliveries, each of which counts once, however often
//! it is read ([`ChangePosition`]).

mod change;
mod hour;
mod latency;
mod shard;
mod summary;
mod tally;

pub use self::change::{ChangePosition, InvalidSequence, LogChange, Sequence};
pub use self::hour::{Hour, Hours};
pub use self::latency::LatencyCounts;
pub use self::shard::{InvalidShard, StreamShard};
pub use self::summary::{Outcomes, Summary};
pub use self::tally::{CountedChange, StatsTally};

use std::time::Duration;

use crate::delivery::{DeliveryState, SkipReason};

/// What happened to the deliveries of a webhook or an account within an hour.
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

    /// Counts a request.
    pub fn add_attempt(&mut self, latency: Duration, taken: bool) {
        self.attempts += 1;
        self.failed_attempts += u64::from(!taken);
        self.delivered += u64::from(taken);
        self.latency.add(latency);
    }

    /// Counts a delivery that is in `state` now, if that is an end without its being taken: the
    /// request that is taken counts it otherwise.
    pub fn add_end(&mut self, state: &DeliveryState) {
        match state {
            DeliveryState::Failed { .. } => self.failed += 1,
            // The last may be another account's webhook, whose owner must not see the report of a
            // stranger in its figures. Those of a deleted one can no longer be looked up.
            DeliveryState::Delivered
            | DeliveryState::Pending { .. }
            | DeliveryState::Retrying { .. }
            | DeliveryState::Skipped { reason: SkipReason::WebhookDeleted } => {}
            DeliveryState::Skipped { .. } => self.skipped += 1,
        }
    }

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
