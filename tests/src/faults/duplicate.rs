//! Why a receiver may get a report twice.

use std::fmt;
use std::time::{Duration, Instant};

/// The cause of duplicates of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DuplicateCause {
    /// A process ended between the receiver's response and the log.
    Crash,
    /// Two copies of a message were in flight at the same time.
    Copies,
}

/// The earliest and the latest time at which processes ended.
pub type Crash = (Instant, Instant);

/// The longest time between requests of copies in flight together: the webhook's timeout, and the time
/// for which the log may not have answered.
const MAX_GAP: Duration = Duration::from_secs(10);
/// The delay until a test notices a crash, or until a request that was sent before it arrives.
const MARGIN: Duration = Duration::from_secs(1);

impl DuplicateCause {
    /// Whether it explains duplicates with these arrival times.
    pub fn explains_all(self, arrived: &[Instant], crash: Option<Crash>) -> bool {
        let pairs = arrived.iter().zip(arrived.iter().skip(1));
        pairs.into_iter().all(|(first, second)| self.explains(*first, *second, crash))
    }

    /// Whether it explains arrivals at `first` and `second`.
    pub fn explains(self, first: Instant, second: Instant, crash: Option<Crash>) -> bool {
        match self {
            Self::Crash => crash.is_some_and(|(not_before, noticed)| {
                first <= noticed + MARGIN && second + MARGIN >= not_before
            }),
            Self::Copies => second.saturating_duration_since(first) <= MAX_GAP,
        }
    }
}

impl fmt::Display for DuplicateCause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Crash => "killed between response and log",
            Self::Copies => "two copies of the message in flight together",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crash_explains_copies_only_on_either_side_of_it() {
        let start = Instant::now();
        let at = |second| start + Duration::from_secs(second);
        let explains = |first, second| {
            DuplicateCause::Crash.explains(at(first), at(second), Some((at(10), at(10))))
        };
        assert!(explains(9, 16));
        assert!(!explains(2, 4), "both before it");
        assert!(!explains(12, 14), "both after it");
        assert!(!DuplicateCause::Crash.explains(at(9), at(16), None), "no crash");
    }

    #[test]
    fn concurrent_copies_explain_arrivals_close_in_time() {
        let start = Instant::now();
        assert!(DuplicateCause::Copies.explains(start, start + Duration::from_secs(2), None));
        assert!(!DuplicateCause::Copies.explains(start, start + Duration::from_secs(30), None));
    }
}
