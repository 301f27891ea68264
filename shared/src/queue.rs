//! What the functions ask of the queues. The implementation is in `sqs`.

use std::future::Future;
use std::time::Duration;

use crate::account::AccountId;

/// A message to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outgoing {
    /// The JSON of a [`crate::message`].
    pub body: String,
    /// Whose it is: SQS shares a standard queue fairly between accounts (`MessageGroupId`).
    pub account_id: AccountId,
    /// Kept back this long; at most [`Outgoing::MAX_DELAY`], longer waits hop.
    pub delay: Duration,
}

impl Outgoing {
    /// SQS keeps a message back for at most 900 s.
    pub const MAX_DELAY: Duration = Duration::from_mins(15);
}

/// Why the queue did not do what it was asked.
#[derive(Debug, Clone, thiserror::Error)]
#[error("the queue did not do what it was asked: {0}")]
pub struct QueueError(pub String);

/// Saying when a message that was received, and is not deleted, is handed out again.
pub trait MessageVisibility: Send + Sync {
    /// The message of this receipt comes back after `wait`; at most 12 hours.
    fn redeliver_after(
        &self,
        receipt: &str,
        wait: Duration,
    ) -> impl Future<Output = Result<(), QueueError>> + Send;
}

/// Sending to one queue.
pub trait MessageQueue: Send + Sync + 'static {
    /// Sends `messages`; the answers are in their order. `Ok` means that the queue holds it.
    fn send(
        &self,
        messages: Vec<Outgoing>,
    ) -> impl Future<Output = Vec<Result<(), QueueError>>> + Send;
}
