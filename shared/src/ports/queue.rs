//! Queue traits. The implementation is in `sqs`.

use std::future::Future;
use std::time::Duration;

use crate::domain::account::AccountId;

/// A message to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outgoing {
    /// The JSON of a [`crate::domain::message`].
    pub body: String,
    /// The account it belongs to: SQS shares a standard queue fairly between accounts (`MessageGroupId`).
    pub account_id: AccountId,
    /// `DelaySeconds`, at most [`Outgoing::MAX_DELAY`]; longer waits are requeued.
    pub delay: Duration,
}

impl Outgoing {
    /// The longest delay that SQS accepts: 900 s.
    pub const MAX_DELAY: Duration = Duration::from_mins(15);
}

/// Why a request to the queue failed.
#[derive(Debug, Clone, thiserror::Error)]
#[error("the SQS request failed: {0}")]
pub struct QueueError(pub String);

/// Changes when a received message is redelivered.
pub trait MessageVisibility: Send + Sync {
    /// Makes SQS redeliver the message of this receipt handle after `wait`, at most 12 hours.
    fn redeliver_after(
        &self,
        receipt: &str,
        wait: Duration,
    ) -> impl Future<Output = Result<(), QueueError>> + Send;
}

/// Sends to one queue.
pub trait MessageQueue: Send + Sync + 'static {
    /// Sends `messages`; returns one result for each, in their order. `Ok` means that SQS has stored it.
    fn send(
        &self,
        messages: Vec<Outgoing>,
    ) -> impl Future<Output = Vec<Result<(), QueueError>>> + Send;
}
