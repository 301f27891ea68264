//! What the log says of a delivery that a replay is for.

use jiff::Timestamp;

use super::ReplayJob;
use crate::delivery::{DeliveryState, LogEntry};

/// What the log says of a delivery that a replay is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Nothing is left to do: the request was sent, or there is none to send.
    Done,
    /// Deliver has its message and put it off until then: the webhook rests or is at its limit.
    PutOff(Timestamp),
    /// Something else sends it at the moment: the retry schedule, or another replay.
    UnderWay,
    /// It ended before, and the replay did not come by yet.
    Untouched,
}

impl Standing {
    /// Where the delivery of `entry` stands for `job`.
    pub fn of(entry: &LogEntry, job: &ReplayJob) -> Self {
        if entry.covers(&job.trigger(), 1) {
            return Self::Done;
        }
        let is_ours = entry.replay == Some(job.id);
        match &entry.state {
            DeliveryState::Pending { next_attempt_at }
            | DeliveryState::Retrying { next_attempt_at } => {
                if is_ours {
                    Self::PutOff(*next_attempt_at)
                } else {
                    Self::UnderWay
                }
            }
            // It was skipped, or could not be rendered.
            _ if is_ours => Self::Done,
            _ => Self::Untouched,
        }
    }
}
