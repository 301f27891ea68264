//! Hourly figures of webhooks and accounts: outcomes of deliveries, and latencies of receivers.
//!
//! They are computed from the changes of the log of deliveries. Each change counts once, however often
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

use crate::domain::delivery::{DeliveryState, SkipReason};

/// Figures of a webhook or an account for an hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct HourlyCounts {
    /// Deliveries that were delivered.
    pub delivered: u64,
    /// Deliveries that ended as failed.
    pub failed: u64,
    /// Deliveries that ended as skipped.
    pub skipped: u64,
    /// Requests that were sent.
    pub attempts: u64,
    /// Requests that the receiver did not accept.
    pub failed_attempts: u64,
    /// Latencies of all requests, including failed ones.
    pub latency: LatencyCounts,
}

impl HourlyCounts {
    /// The retention in days, from the beginning of the hour.
    pub const RETENTION_DAYS: i64 = 400;

    /// Adds a request.
    pub fn add_attempt(&mut self, latency: Duration, delivered: bool) {
        self.attempts += 1;
        self.failed_attempts += u64::from(!delivered);
        self.delivered += u64::from(delivered);
        self.latency.add(latency);
    }

    /// Adds a delivery that ended in `state`, if it failed or was skipped. A delivered one is counted by its
    /// request.
    pub fn add_end(&mut self, state: &DeliveryState) {
        match state {
            DeliveryState::Failed { .. } => self.failed += 1,
            // `WebhookDeleted` may mean another account's webhook, whose figures must not include a foreign
            // report. Figures of a deleted webhook cannot be looked up.
            DeliveryState::Delivered
            | DeliveryState::Pending { .. }
            | DeliveryState::Retrying { .. }
            | DeliveryState::Skipped { reason: SkipReason::WebhookDeleted } => {}
            DeliveryState::Skipped { .. } => self.skipped += 1,
        }
    }

    /// Adds the counts of `other`.
    pub fn merge(&mut self, other: &Self) {
        self.delivered += other.delivered;
        self.failed += other.failed;
        self.skipped += other.skipped;
        self.attempts += other.attempts;
        self.failed_attempts += other.failed_attempts;
        self.latency.merge(&other.latency);
    }
}
