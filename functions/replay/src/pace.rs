//! How much a worker takes on, and how long it waits for what.

use std::time::{Duration, SystemTime};

use callhook::replay::Wave;
use jiff::Timestamp;

/// How much a worker takes on, and how long it waits for what.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pace {
    /// The most deliveries of a wave.
    pub(crate) wave: usize,
    /// Between two looks at the log at least; a tenth of the time since it last showed anything.
    pub(crate) look: Duration,
    /// After how long without a sign of it, a queued delivery is queued again, and after as long
    /// again given up.
    pub(crate) patience: Duration,
    /// The same for one that deliver has put off: it says so once, and then keeps it while the
    /// webhook rests. A webhook that takes nothing for five days is deactivated, and what waited
    /// for it ends as skipped.
    pub(crate) patience_with_put_off: Duration,
    /// From one invocation to the next while there is work.
    pub(crate) soon: Duration,
    /// From one invocation to the next while a wave is under way and takes its time, and after a
    /// fault: short enough to cost a slow replay little, long enough to cost little itself.
    pub(crate) later: Duration,
    /// From one invocation to the next at most: a client may mend a webhook and want to see the
    /// replay go on.
    pub(crate) longest_rest: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            wave: Wave::MAX,
            look: Duration::from_millis(500),
            patience: Duration::from_mins(15),
            patience_with_put_off: Duration::from_hours(6 * 24),
            soon: Duration::from_secs(1),
            later: Duration::from_mins(1),
            longest_rest: Duration::from_mins(15),
        }
    }
}

impl Pace {
    /// How long to wait before the next look, if the last news came at `last`.
    pub(crate) fn before_look(&self, last: Timestamp, now: Timestamp) -> Duration {
        (until(now, last) / 10).max(self.look)
    }

    /// Whether a delivery that deliver put off until `due` is still its business.
    pub(crate) fn awaits_put_off(&self, due: Timestamp, now: Timestamp) -> bool {
        until(now, due) <= self.patience_with_put_off
    }
}

/// The time of an invocation.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Time {
    /// When Lambda ends it.
    pub(crate) end: Timestamp,
    /// When it stops by itself.
    stop: Timestamp,
}

impl Time {
    /// For the step under way, for letting go of the job and of its message: a step asks DynamoDB
    /// and SQS a few times, and mostly takes less than a second.
    const RESERVE: Duration = Duration::from_secs(15);

    /// Until `deadline`, with a reserve for an orderly end.
    pub(crate) fn until(deadline: SystemTime) -> Self {
        let end = Timestamp::try_from(deadline).unwrap_or(Timestamp::MIN);
        Self { end, stop: end.checked_sub(Self::RESERVE).unwrap_or(Timestamp::MIN) }
    }

    /// Whether there is none for more.
    pub(crate) fn is_up(&self, now: Timestamp) -> bool {
        now >= self.stop
    }

    /// Whether there is some left after a pause.
    pub(crate) fn allows(&self, pause: Duration, now: Timestamp) -> bool {
        now.checked_add(pause).is_ok_and(|then| then < self.stop)
    }
}

/// From `now` until `then`; nothing if that is past.
pub(crate) fn until(then: Timestamp, now: Timestamp) -> Duration {
    Duration::try_from(then.duration_since(now)).unwrap_or_default()
}
