//! Waiting for a condition, with a deadline.

use std::time::Duration;

use tokio::time::{Instant, sleep};

/// The deadline for events that take seconds on an idle machine.
pub const SOON: Duration = Duration::from_mins(1);

/// Polls `condition` every 50 ms until it returns a value; fails after `timeout` and names `what`.
pub async fn until<T, F>(timeout: Duration, what: &str, mut condition: impl FnMut() -> F) -> T
where
    F: Future<Output = Option<T>>,
{
    let deadline = Instant::now() + timeout;
    loop {
        if let Some(value) = condition().await {
            return value;
        }
        assert!(Instant::now() < deadline, "no {what} after {timeout:?}");
        sleep(Duration::from_millis(50)).await;
    }
}
