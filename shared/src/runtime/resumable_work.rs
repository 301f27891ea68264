//! Work that may take longer than an invocation: SQS redelivers its message until the work is done.

mod deadline;

use std::future::Future;
use std::time::{Duration, SystemTime};

use aws_lambda_events::sqs::{BatchItemFailure, SqsBatchResponse, SqsEvent, SqsMessage};

pub use self::deadline::InvocationDeadline;
use crate::domain::account::AccountId;
use crate::domain::message::{ErasureMessage, MessageError, ReplayMessage};
use crate::ports::queue::{MessageQueue, MessageVisibility, Outgoing};
use crate::runtime::telemetry::ErrorChain;

/// What to do with a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resume {
    /// The work is done; the message is deleted.
    Done,
    /// The message is redelivered after this time.
    After(Duration),
}

/// A message of resumable work.
pub trait ResumableMessage: Sized + Send + Sync {
    /// Reads a message's JSON.
    fn parse(body: &str) -> Result<Self, MessageError>;
    /// The message as JSON.
    fn to_json(&self) -> Result<String, serde_json::Error>;
    /// The account it belongs to.
    fn account_id(&self) -> &AccountId;
}

impl ResumableMessage for ReplayMessage {
    fn parse(body: &str) -> Result<Self, MessageError> {
        Self::parse(body)
    }

    fn to_json(&self) -> Result<String, serde_json::Error> {
        self.to_json()
    }

    fn account_id(&self) -> &AccountId {
        &self.account_id
    }
}

impl ResumableMessage for ErasureMessage {
    fn parse(body: &str) -> Result<Self, MessageError> {
        Self::parse(body)
    }

    fn to_json(&self) -> Result<String, serde_json::Error> {
        self.to_json()
    }

    fn account_id(&self) -> &AccountId {
        self.account_id()
    }
}

/// A worker that processes messages.
pub trait ResumableWork: Sync {
    /// The message that it processes.
    type Message: ResumableMessage;

    /// Does as much as it can until `deadline`.
    fn work(
        &self,
        message: &Self::Message,
        deadline: InvocationDeadline,
    ) -> impl Future<Output = Resume> + Send;
}

/// A message without an id cannot be returned to SQS, so the whole event fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a message without an id cannot be returned to the queue")]
pub struct MissingMessageId;

/// The number of receives after which a message is replaced by a new one. After 1,000 receives SQS would make it a
/// dead letter.
pub const RENEW_AFTER_RECEIVES: u32 = 900;
/// The delay after which an unreadable message is redelivered. After 1,000 receives, some three hours, it becomes a
/// dead letter; a newer build that is deployed until then may read it.
const UNREADABLE_DELAY: Duration = Duration::from_secs(10);

/// Processes the messages of an event of `queue` and returns those whose work is not done. Each event should hold
/// one message (`BatchSize`); a second would have little time.
pub async fn handle<R: ResumableWork>(
    worker: &R,
    queue: &(impl MessageQueue + MessageVisibility),
    event: SqsEvent,
    lambda_ends_at: SystemTime,
) -> Result<SqsBatchResponse, MissingMessageId> {
    let deadline = InvocationDeadline::new(lambda_ends_at);
    let mut answer = SqsBatchResponse::default();
    for record in &event.records {
        if let Some(wait) = work(worker, queue, record, deadline).await {
            redeliver_after(queue, record, wait).await;
            // SQS deletes messages that the response does not name.
            let id = record.message_id.clone().filter(|id| !id.is_empty());
            let mut failure = BatchItemFailure::default();
            failure.item_identifier = id.ok_or(MissingMessageId)?;
            answer.batch_item_failures.push(failure);
        }
    }
    Ok(answer)
}

/// Processes a message; returns the delay of its redelivery, or `None` if it can be deleted.
async fn work<R: ResumableWork>(
    worker: &R,
    queue: &impl MessageQueue,
    record: &SqsMessage,
    deadline: InvocationDeadline,
) -> Option<Duration> {
    let message = match R::Message::parse(record.body.as_deref().unwrap_or_default()) {
        Ok(message) => message,
        Err(error) => {
            let message_id = record.message_id.as_deref();
            tracing::error!(message_id, error = %ErrorChain(&error), "a message cannot be read");
            return Some(UNREADABLE_DELAY);
        }
    };
    match worker.work(&message, deadline).await {
        Resume::Done => None,
        Resume::After(wait) if times_received(record) < RENEW_AFTER_RECEIVES => Some(wait),
        Resume::After(wait) => renew(queue, &message, wait).await,
    }
}

/// Replaces the message by a new one. A crash in between leaves two messages, which workers must
/// tolerate.
async fn renew(
    queue: &impl MessageQueue,
    message: &impl ResumableMessage,
    wait: Duration,
) -> Option<Duration> {
    let Ok(body) = message.to_json() else { return Some(wait) };
    let account_id = message.account_id().clone();
    let renewed = Outgoing { body, account_id, delay: wait.min(Outgoing::MAX_DELAY) };
    match queue.send(vec![renewed]).await.into_iter().next() {
        Some(Ok(())) => None,
        Some(Err(error)) => {
            tracing::error!(%error, "failed to renew a message");
            Some(wait)
        }
        None => Some(wait),
    }
}

async fn redeliver_after(queue: &impl MessageVisibility, record: &SqsMessage, wait: Duration) {
    let Some(receipt) = record.receipt_handle.as_deref() else { return };
    if let Err(error) = queue.redeliver_after(receipt, wait).await {
        // SQS redelivers it after the queue's visibility timeout.
        tracing::warn!(%error, "failed to change the visibility of a message");
    }
}

fn times_received(record: &SqsMessage) -> u32 {
    let count = record.attributes.get("ApproximateReceiveCount");
    count.and_then(|count| count.parse().ok()).unwrap_or(0)
}
