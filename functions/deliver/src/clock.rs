//! What time it is: a value of its own, so that a test can have a week pass.

use std::sync::Arc;

use jiff::Timestamp;

/// Tells the time.
#[derive(Clone)]
pub(crate) struct Clock(Arc<dyn Fn() -> Timestamp + Send + Sync>);

impl Clock {
    /// The time of this machine.
    pub(crate) fn system() -> Self {
        Self(Arc::new(Timestamp::now))
    }

    /// The time that `tell` tells.
    #[cfg(test)]
    pub(crate) fn of(tell: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Self(Arc::new(tell))
    }

    pub(crate) fn now(&self) -> Timestamp {
        (self.0)()
    }
}
