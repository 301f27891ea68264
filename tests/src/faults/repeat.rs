//! Why a client may get a report twice.

use std::fmt;
use std::time::{Duration, Instant};

/// What explains two copies of one report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Repeat {
    /// A process ended between the client's answer and the log.
    Crash,
    /// Two copies of the message were worked on at the same moment.
    Copies,
}

/// When processes ended: not before the first, and not after the second.
pub type Crash = (Instant, Instant);

/// How far apart copies arrive that were under way at the same moment: a client's timeout, and
/// as long as the log may have been silent.
const AT_ONCE: Duration = Duration::from_secs(10);
/// A crash is noticed a little after it happened, and what was sent before it arrives a little later.
const MARGIN: Duration = Duration::from_secs(1);

impl Repeat {
    /// Whether it explains all copies that arrived at these times.
    pub fn explains_all(self, arrived: &[Instant], crash: Option<Crash>) -> bool {
        let pairs = arrived.iter().zip(arrived.iter().skip(1));
        pairs.into_iter().all(|(first, second)| self.explains(*first, *second, crash))
    }

    /// Whether it explains that copies arrived at `first` and `second`.
    pub fn explains(self, first: Instant, second: Instant, crash: Option<Crash>) -> bool {
        match self {
            Self::Crash => crash.is_some_and(|(not_before, noticed)| {
                first <= noticed + MARGIN && second + MARGIN >= not_before
            }),
            Self::Copies => second.saturating_duration_since(first) <= AT_ONCE,
        }
    }
}

impl fmt::Display for Repeat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Crash => "answered, and killed before that was logged",
            Self::Copies => "two copies in the queue, under way at the same moment",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crash_explains_copies_on_either_side_of_it_only() {
        let start = Instant::now();
        let at = |second| start + Duration::from_secs(second);
        let explains =
            |first, second| Repeat::Crash.explains(at(first), at(second), Some((at(10), at(10))));
        assert!(explains(9, 16));
        assert!(!explains(2, 4), "both before it");
        assert!(!explains(12, 14), "both after it");
        assert!(!Repeat::Crash.explains(at(9), at(16), None), "nothing crashed");
    }

    #[test]
    fn copies_explain_what_arrives_at_the_same_time() {
        let start = Instant::now();
        assert!(Repeat::Copies.explains(start, start + Duration::from_secs(2), None));
        assert!(!Repeat::Copies.explains(start, start + Duration::from_secs(30), None));
    }
}
