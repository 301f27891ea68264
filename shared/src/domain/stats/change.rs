//! Changes of the log of deliveries, and the counts that they add.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use super::{Hour, HourlyCounts};
use crate::domain::delivery::{DeliveryState, LogEntry, LoggedAttempt};

/// A change of the log of deliveries.
#[derive(Debug, Clone, PartialEq)]
pub struct LogChange {
    /// Its position among the changes.
    pub position: ChangePosition,
    /// The entry before the change; `None` for a new delivery.
    pub before: Option<LogEntry>,
    /// The entry after the change.
    pub after: LogEntry,
}

/// The position of a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangePosition {
    /// The part of the webhook's log that was changed. A webhook's changes are ordered only within a
    /// part; an account's changes are ordered within a [`StreamShard`](super::StreamShard).
    pub part: u8,
    /// The sequence number.
    pub sequence: Sequence,
}

/// A sequence number of DynamoDB Streams: up to 40 digits, increasing with each change. Prints padded to
/// 40 digits, so that the order as text is the same.
/// <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_StreamRecord.html>
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Sequence(String);

/// The text is not a sequence number.
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
    /// The counts that it adds, by hour; empty if it adds none.
    pub fn counts(&self) -> BTreeMap<Hour, HourlyCounts> {
        let mut by_hour = BTreeMap::<Hour, HourlyCounts>::new();
        for attempt in self.attempts() {
            let latency = Duration::from_millis(attempt.latency_ms);
            by_hour
                .entry(Hour::of(attempt.at))
                .or_default()
                .add_attempt(latency, attempt.delivered);
        }
        if self.ends_undelivered() {
            let counts = by_hour.entry(Hour::of(self.after.updated_at)).or_default();
            counts.add_end(&self.after.state);
        }
        by_hour.retain(|_, counts| *counts != HourlyCounts::default());
        by_hour
    }

    /// The attempts that the change added.
    fn attempts(&self) -> impl Iterator<Item = &LoggedAttempt> {
        let known = self.before.as_ref().map_or(&[][..], |before| &before.attempts);
        let is_known = move |made: &LoggedAttempt| {
            known.iter().any(|known| known.is_of(made.at, made.number, made.trigger))
        };
        self.after.attempts.iter().filter(move |made| !is_known(made))
    }

    /// Whether the change ended the delivery as failed or skipped. A delivery can end more than once, by
    /// replays. A failed resend ends nothing: the state stays.
    fn ends_undelivered(&self) -> bool {
        let LogEntry { state, replay, .. } = &self.after;
        if !state.has_ended() || *state == DeliveryState::Delivered {
            return false;
        }
        let Some(before) = &self.before else { return true };
        let is_scheduled = |made: &LoggedAttempt| made.trigger.follows_schedule();
        before.state != *state || before.replay != *replay || self.attempts().any(is_scheduled)
    }
}

#[cfg(test)]
mod tests;
