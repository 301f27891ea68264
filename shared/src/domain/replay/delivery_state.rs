//! States of a replay's deliveries.

use jiff::Timestamp;

use super::ReplayJob;
use crate::domain::delivery::{DeliveryState, LogEntry};

/// The state of a delivery as seen by a replay that includes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReplayDeliveryState {
    /// Nothing is left to do: the log has an attempt of this replay, or this replay's message ended
    /// without one.
    Done,
    /// Deliver has deferred its message until this time: the webhook's circuit is open, or the
    /// webhook is at its rate limit.
    Deferred(Timestamp),
    /// The retry schedule or another replay is sending it.
    SentByOther,
    /// It had ended before, and this replay has not reached it.
    NotStarted,
}

impl ReplayDeliveryState {
    /// The state of `entry`'s delivery for `job`.
    pub fn of(entry: &LogEntry, job: &ReplayJob) -> Self {
        if entry.covers(&job.trigger(), 1) {
            return Self::Done;
        }
        let is_ours = entry.replay == Some(job.id);
        // Checked before the state, as a delivered one stays `delivered` while it waits.
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
