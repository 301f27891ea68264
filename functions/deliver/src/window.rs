//! What this instance has seen of a webhook lately: enough for a failure rate, at no cost to
//! anyone else.

use jiff::Timestamp;

/// Attempts of the last 30 to 60 s.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Window {
    /// When the half that grows began.
    began_at: Timestamp,
    growing: Counts,
    before: Counts,
    last_taken: Option<Timestamp>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Counts {
    attempts: u32,
    failures: u32,
}

impl Window {
    const HALF_SECONDS: i64 = 30;
    /// Fewer attempts are no rate.
    const MIN_ATTEMPTS: u32 = 20;

    pub(crate) fn add(&mut self, taken: u32, failed: u32, now: Timestamp) {
        let age = now.as_second() - self.began_at.as_second();
        if age >= Self::HALF_SECONDS {
            let is_next = age < 2 * Self::HALF_SECONDS;
            self.before = if is_next { self.growing } else { Counts::default() };
            (self.growing, self.began_at) = (Counts::default(), now);
        }
        self.growing.attempts += taken + failed;
        self.growing.failures += failed;
        if taken > 0 {
            self.last_taken = Some(now);
        }
    }

    /// Whether half of the attempts failed, and there were some.
    pub(crate) fn is_failing(&self) -> bool {
        let attempts = self.growing.attempts + self.before.attempts;
        let failures = self.growing.failures + self.before.failures;
        attempts >= Self::MIN_ATTEMPTS && failures * 2 >= attempts
    }

    /// Whether something was taken at `time` or later.
    pub(crate) fn has_taken_since(&self, time: Timestamp) -> bool {
        self.last_taken.is_some_and(|taken| taken >= time)
    }

    /// Whether it says nothing any more.
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
    fn half_of_twenty_failing_is_failing() {
        let mut window = Window::default();
        window.add(10, 9, at(0));
        assert!(!window.is_failing(), "too few, and less than half");
        window.add(0, 1, at(1));
        assert!(window.is_failing());
        window.add(1, 0, at(2));
        assert!(!window.is_failing(), "10 of 21");
    }

    #[test]
    fn what_is_a_minute_old_is_forgotten() {
        let mut window = Window::default();
        window.add(0, 40, at(0));
        window.add(1, 0, at(30));
        assert!(window.is_failing(), "the half before still counts");
        assert!(window.has_taken_since(at(30)) && !window.has_taken_since(at(31)));
        window.add(20, 0, at(60));
        assert!(!window.is_failing(), "21 were taken since");
        assert!(!window.is_over(at(119)) && window.is_over(at(120)));
        window.add(0, 19, at(500));
        assert!(!window.is_failing(), "only 19 lately");
    }
}
