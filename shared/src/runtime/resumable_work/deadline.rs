//! The deadline of an invocation.

use std::time::{Duration, SystemTime};

use jiff::Timestamp;

/// When an invocation must stop.
#[derive(Debug, Clone, Copy)]
pub struct InvocationDeadline {
    lambda_ends_at: Timestamp,
    stop_at: Timestamp,
}

impl InvocationDeadline {
    /// Time for the step in flight and for returning the message to its queue: a step makes a few
    /// calls of DynamoDB and SQS, or some hundred deletions, and mostly takes less than a second.
    const RESERVE: Duration = Duration::from_secs(15);

    /// Converts the deadline that Lambda gives.
    pub fn new(lambda_ends_at: SystemTime) -> Self {
        let lambda_ends_at = Timestamp::try_from(lambda_ends_at).unwrap_or(Timestamp::MIN);
        let stop_at = lambda_ends_at.checked_sub(Self::RESERVE).unwrap_or(Timestamp::MIN);
        Self { lambda_ends_at, stop_at }
    }

    /// When Lambda ends the invocation, some seconds after [`Self::has_passed`].
    pub fn lambda_ends_at(&self) -> Timestamp {
        self.lambda_ends_at
    }

    /// Whether the invocation must not begin another step.
    pub fn has_passed(&self, now: Timestamp) -> bool {
        now >= self.stop_at
    }

    /// Whether the invocation can still do a step after `pause`.
    pub fn allows(&self, pause: Duration, now: Timestamp) -> bool {
        now.checked_add(pause).is_ok_and(|then| then < self.stop_at)
    }
}
