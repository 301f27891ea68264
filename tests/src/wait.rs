//! Waiting for a condition, with a deadline.

use std::time::Duration;

use tokio::time::{Instant, sleep};

/// How long a test waits for something that should happen soon. The local cloud polls its
/// queues, and two cores are shared with everything else.
pub const SOON: Duration = Duration::from_mins(1);

/// Checks `condition` every 50 ms until it gives a value; fails with `what` after `patience`.
pub async fn until<T, F>(patience: Duration, what: &str, mut condition: impl FnMut() -> F) -> T
where
    F: Future<Output = Option<T>>,
{
    let deadline = Instant::now() + patience;
    loop {
        if let Some(value) = condition().await {
            return value;
        }
        assert!(Instant::now() < deadline, "waited {patience:?} for {what}");
        sleep(Duration::from_millis(50)).await;
    }
}
