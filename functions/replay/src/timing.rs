//! Sizes and waiting times of the replay worker.

use std::time::Duration;

use callhook::domain::replay::Wave;
use jiff::Timestamp;

/// Sizes and waiting times of the replay worker.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ReplayTiming {
    /// The most deliveries of a wave.
    pub(crate) wave_size: usize,
    /// The shortest time between two polls of the log. The longer the log shows no progress, the
    /// longer the wait: a tenth of that time.
    pub(crate) min_poll_interval: Duration,
    /// How long a wave may show no progress before the rest is queued again, and after as long
    /// again counted as missing.
    pub(crate) progress_timeout: Duration,
    /// The same for deliveries that deliver has deferred: it logs that once, and then keeps the
    /// message while the webhook's circuit is open. A webhook that fails for five days is
    /// deactivated, and its deferred deliveries end as skipped.
    pub(crate) deferral_timeout: Duration,
    /// Delay of the next invocation after one that made progress.
    pub(crate) min_delay: Duration,
    /// Delay of the next invocation after one that made none, or failed: short enough to slow a
    /// replay little, long enough to cost little.
    pub(crate) idle_delay: Duration,
    /// The longest delay of the next invocation: a customer who repairs a webhook wants to see the
    /// replay continue.
    pub(crate) max_delay: Duration,
}

impl Default for ReplayTiming {
    fn default() -> Self {
        Self {
            wave_size: Wave::MAX,
            min_poll_interval: Duration::from_millis(500),
            progress_timeout: Duration::from_mins(15),
            deferral_timeout: Duration::from_hours(6 * 24),
            min_delay: Duration::from_secs(1),
            idle_delay: Duration::from_mins(1),
            max_delay: Duration::from_mins(15),
        }
    }
}

impl ReplayTiming {
    /// The wait before the next poll, if the log last showed progress at `last_progress`.
    pub(crate) fn poll_interval(&self, last_progress: Timestamp, now: Timestamp) -> Duration {
        (until(now, last_progress) / 10).max(self.min_poll_interval)
    }

    /// Whether deliver still has the message of a delivery that it deferred until `due`.
    pub(crate) fn is_deferred(&self, due: Timestamp, now: Timestamp) -> bool {
        until(now, due) <= self.deferral_timeout
    }
}

/// The time from `now` until `then`; zero if `then` has passed.
pub(crate) fn until(then: Timestamp, now: Timestamp) -> Duration {
    Duration::try_from(then.duration_since(now)).unwrap_or_default()
}
