//! The time of an invocation.

use std::time::{Duration, SystemTime};

use jiff::Timestamp;

/// The time of an invocation.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Time {
    /// When it stops by itself.
    stop: Timestamp,
}

impl Time {
    /// For the step under way, some hundred deletions, and for handing the message back.
    const RESERVE: Duration = Duration::from_secs(15);

    /// Until `deadline`, with a reserve for an orderly end.
    pub(crate) fn until(deadline: SystemTime) -> Self {
        let end = Timestamp::try_from(deadline).unwrap_or(Timestamp::MIN);
        Self { stop: end.checked_sub(Self::RESERVE).unwrap_or(Timestamp::MIN) }
    }

    /// Whether there is none for more.
    pub(crate) fn is_up(&self) -> bool {
        Timestamp::now() >= self.stop
    }
}

/// From now until `wait` after `then`; nothing if that is past.
pub(crate) fn left(then: Timestamp, wait: Duration) -> Duration {
    let end = then.checked_add(wait).unwrap_or(Timestamp::MAX);
    Duration::try_from(end.duration_since(Timestamp::now())).unwrap_or_default()
}
