//! Changes of the log of deliveries, and what of them is counted.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use super::{Hour, HourlyCounts};
use crate::delivery::{DeliveryState, LogEntry, LoggedAttempt, Trigger};

/// A change of the log of deliveries.
#[derive(Debug, Clone, PartialEq)]
pub struct LogChange {
    /// When it was made, as against others of its part.
    pub position: ChangePosition,
    /// What the log held before; `None` for a new delivery.
    pub before: Option<LogEntry>,
    /// What it holds since.
    pub after: LogEntry,
}

/// Where a change stands among all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangePosition {
    /// The part of the webhook's log that was changed. Of one webhook, only changes of one part have
    /// an order; those of an account have one by [`StreamShard`](super::StreamShard).
    pub part: u8,
    /// Grows from change to change.
    pub sequence: Sequence,
}

/// A number that grows from change to change, of up to 40 digits. Prints with all of them, so that
/// later ones are greater as texts as well.
/// <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_StreamRecord.html>
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Sequence(String);

/// A text that should be a sequence number and is not.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("must be a number of up to {} digits", Sequence::DIGITS)]
pub struct InvalidSequence;

impl Sequence {
    const DIGITS: usize = 40;
}

impl FromStr for Sequence {
    type Err = InvalidSequence;

    fn from_str(text: &str) -> Result<Self, InvalidSequence> {
        let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        if !is_number || text.len() > Self::DIGITS {
            return Err(InvalidSequence);
        }
        Ok(Self(format!("{text:0>width$}", width = Self::DIGITS)))
    }
}

impl fmt::Display for Sequence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl LogChange {
    /// What it adds to the figures, by the hour; nothing for most hours and some changes.
    pub fn counts(&self) -> BTreeMap<Hour, HourlyCounts> {
        let mut by_hour = BTreeMap::<Hour, HourlyCounts>::new();
        for attempt in self.attempts() {
            let latency = Duration::from_millis(attempt.latency_ms);
            by_hour
                .entry(Hour::of(attempt.at))
                .or_default()
                .add_attempt(latency, attempt.delivered);
        }
        if self.has_ended_untaken() {
            let counts = by_hour.entry(Hour::of(self.after.updated_at)).or_default();
            counts.add_end(&self.after.state);
        }
        by_hour.retain(|_, counts| *counts != HourlyCounts::default());
        by_hour
    }

    /// The requests that the log did not know before.
    fn attempts(&self) -> impl Iterator<Item = &LoggedAttempt> {
        let known = self.before.as_ref().map_or(&[][..], |before| &before.attempts);
        let is_known = move |made: &LoggedAttempt| {
            known.iter().any(|known| known.is_of(made.at, made.number, made.trigger))
        };
        self.after.attempts.iter().filter(move |made| !is_known(made))
    }

    /// Whether the delivery has ended by this without being taken. It can end more than once, by
    /// a replay. A resend that fails ends nothing: the delivery stays what it was.
    fn has_ended_untaken(&self) -> bool {
        let LogEntry { state, replay, .. } = &self.after;
        if !state.has_ended() || *state == DeliveryState::Delivered {
            return false;
        }
        let Some(before) = &self.before else { return true };
        let is_scheduled = |made: &LoggedAttempt| !matches!(made.trigger, Trigger::Resend { .. });
        before.state != *state || before.replay != *replay || self.attempts().any(is_scheduled)
    }
}

#[cfg(test)]
mod tests;
