//! The window of a webhook's latest attempts in this instance, for a failure rate without a shared item.

use jiff::Timestamp;

/// The attempts of the last 30 to 60 s, in two halves.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Window {
    /// When the current half began.
    began_at: Timestamp,
    current: Counts,
    before: Counts,
    last_success: Option<Timestamp>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Counts {
    attempts: u32,
    failures: u32,
}

impl Window {
    const HALF_SECONDS: i64 = 30;
    /// Fewer attempts make no rate.
    const MIN_ATTEMPTS: u32 = 20;

    pub(crate) fn add(&mut self, successes: u32, failures: u32, now: Timestamp) {
        let age = now.as_second() - self.began_at.as_second();
        if age >= Self::HALF_SECONDS {
            let is_next = age < 2 * Self::HALF_SECONDS;
            self.before = if is_next { self.current } else { Counts::default() };
            (self.current, self.began_at) = (Counts::default(), now);
        }
        self.current.attempts += successes + failures;
        self.current.failures += failures;
        if successes > 0 {
            self.last_success = Some(now);
        }
    }

    /// Whether half of the attempts failed, of enough.
    pub(crate) fn is_failing(&self) -> bool {
        let attempts = self.current.attempts + self.before.attempts;
        let failures = self.current.failures + self.before.failures;
        attempts >= Self::MIN_ATTEMPTS && failures * 2 >= attempts
    }

    /// Whether an attempt succeeded at `time` or later.
    pub(crate) fn has_success_since(&self, time: Timestamp) -> bool {
        self.last_success.is_some_and(|success| success >= time)
    }

    /// Whether all its attempts are older than it reaches.
    pub(crate) fn is_over(&self, now: Timestamp) -> bool {
        now.as_second() - self.began_at.as_second() >= 2 * Self::HALF_SECONDS
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_700_000_000 + second).unwrap()
    }

    #[test]
    fn ten_failures_of_twenty_attempts_are_failing() {
        let mut window = Window::default();
        window.add(10, 9, at(0));
        assert!(!window.is_failing(), "too few, and less than half");
        window.add(0, 1, at(1));
        assert!(window.is_failing());
        window.add(1, 0, at(2));
        assert!(!window.is_failing(), "10 of 21");
    }

    #[test]
    fn attempts_older_than_a_minute_do_not_count() {
        let mut window = Window::default();
        window.add(0, 40, at(0));
        window.add(1, 0, at(30));
        assert!(window.is_failing(), "the half before still counts");
        assert!(window.has_success_since(at(30)) && !window.has_success_since(at(31)));
        window.add(20, 0, at(60));
        assert!(!window.is_failing(), "21 succeeded since");
        assert!(!window.is_over(at(119)) && window.is_over(at(120)));
        window.add(0, 19, at(500));
        assert!(!window.is_failing(), "only 19 lately");
    }
}
