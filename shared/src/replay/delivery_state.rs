//! What the log says of a delivery that a replay is for.

use jiff::Timestamp;

use super::ReplayJob;
use crate::delivery::{DeliveryState, LogEntry};

/// What the log says of a delivery that a replay is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReplayDeliveryState {
    /// Nothing is left to do: the log holds an attempt of this replay, or an end without one that
    /// this replay's message came to.
    Done,
    /// Deliver has its message and has deferred it until then: the webhook's circuit is open, or
    /// the webhook is at its rate limit.
    Deferred(Timestamp),
    /// Something else sends it at the moment: the retry schedule, or another replay.
    SentByOther,
    /// It ended before, and the replay did not come by yet.
    NotStarted,
}

impl ReplayDeliveryState {
    /// Where the delivery of `entry` stands for `job`.
    pub fn of(entry: &LogEntry, job: &ReplayJob) -> Self {
        if entry.covers(&job.trigger(), 1) {
            return Self::Done;
        }
        let is_ours = entry.replay == Some(job.id);
        // Whatever the state says: what was accepted before stays `delivered` while it waits.
        if let Some(until) = entry.replay_waits_until.filter(|_| is_ours) {
            return Self::Deferred(until);
        }
        match &entry.state {
            DeliveryState::Pending { next_attempt_at }
            | DeliveryState::Retrying { next_attempt_at } => {
                if is_ours {
                    Self::Deferred(*next_attempt_at)
                } else {
                    Self::SentByOther
                }
            }
            // It was skipped, or could not be rendered.
            _ if is_ours => Self::Done,
            _ => Self::NotStarted,
        }
    }
}
