//! Attempts in flight, each in a task of its own, and their outcomes in batches that are written together.

use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::timeout;

use crate::attempt::AttemptOutcome;
use crate::pending::Job;

/// Outcomes of a batch.
const MAX_BATCH: usize = 100;
/// How long an outcome waits for others.
const LINGER: Duration = Duration::from_millis(10);

/// The outcomes of attempts in flight, as they come.
pub(crate) struct InFlight(mpsc::Receiver<(Job, AttemptOutcome)>);

impl InFlight {
    /// Starts all attempts.
    pub(crate) fn start<F>(jobs: Vec<Job>, attempt: impl Fn(Job) -> F) -> Self
    where
        F: Future<Output = (Job, AttemptOutcome)> + Send + 'static,
    {
        let (done, outcomes) = mpsc::channel(MAX_BATCH);
        for job in jobs {
            let (attempt, done) = (attempt(job), done.clone());
            tokio::spawn(async move {
                // The receiver outlives every sender.
                let _ = done.send(attempt.await).await;
            });
        }
        Self(outcomes)
    }

    /// The next outcomes; `None` when all attempts have ended.
    pub(crate) async fn next_batch(&mut self) -> Option<Vec<(Job, AttemptOutcome)>> {
        let mut batch = Vec::new();
        if self.0.recv_many(&mut batch, MAX_BATCH).await == 0 {
            return None;
        }
        let more = async {
            while batch.len() < MAX_BATCH
                && let Some(outcome) = self.0.recv().await
            {
                batch.push(outcome);
            }
        };
        // Elapsed or not: the batch is written now.
        let _ = timeout(LINGER, more).await;
        Some(batch)
    }
}
