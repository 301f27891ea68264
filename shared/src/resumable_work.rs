//! Work that may take longer than an invocation: its message comes back from SQS, round by round,
//! until it is over.

use std::future::Future;
use std::time::{Duration, SystemTime};

use aws_lambda_events::sqs::{BatchItemFailure, SqsBatchResponse, SqsEvent, SqsMessage};

use crate::account::AccountId;
use crate::message::{ErasureMessage, MessageError, ReplayMessage};
use crate::queue::{MessageQueue, MessageVisibility, Outgoing};
use crate::telemetry::ErrorChain;

/// What becomes of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resume {
    /// Nothing is left to do.
    Done,
    /// It comes back after this time.
    After(Duration),
}

/// A message that brings work of many rounds.
pub trait ResumableMessage: Sized + Send + Sync {
    /// Reads it.
    fn parse(body: &str) -> Result<Self, MessageError>;
    /// Writes it.
    fn to_json(&self) -> Result<String, serde_json::Error>;
    /// Whose it is.
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

/// Who does the work.
pub trait ResumableWork: Sync {
    /// What brings it.
    type Message: ResumableMessage;

    /// Does what can be done until `deadline`, when Lambda ends the invocation.
    fn work(
        &self,
        message: &Self::Message,
        deadline: SystemTime,
    ) -> impl Future<Output = Resume> + Send;
}

/// A message without an id cannot be handed back, so its event must fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a message without an id is not over")]
pub struct MissingMessageId;

/// SQS hands a message out 1,000 times at most before it is a dead letter. One that comes near
/// that goes on as a new message.
pub const RENEW_AFTER_RECEIVES: u32 = 900;
/// When a message that cannot be read comes back. After 1,000 times, some three hours, it is a
/// dead letter; until then a newer build may have come that reads it.
const UNREADABLE: Duration = Duration::from_secs(10);

/// Has every message of an event of `queue` worked on; the answer names those whose work is not
/// over. Each event should hold one (`BatchSize`), or the second finds little time.
pub async fn handle<R: ResumableWork>(
    worker: &R,
    queue: &(impl MessageQueue + MessageVisibility),
    event: SqsEvent,
    deadline: SystemTime,
) -> Result<SqsBatchResponse, MissingMessageId> {
    let mut answer = SqsBatchResponse::default();
    for record in &event.records {
        if let Some(wait) = work(worker, queue, record, deadline).await {
            redeliver_after(queue, record, wait).await;
            // SQS deletes what the answer does not name; without a name the event fails.
            let id = record.message_id.clone().filter(|id| !id.is_empty());
            let mut failure = BatchItemFailure::default();
            failure.item_identifier = id.ok_or(MissingMessageId)?;
            answer.batch_item_failures.push(failure);
        }
    }
    Ok(answer)
}

/// When the message is to come back, if it is.
async fn work<R: ResumableWork>(
    worker: &R,
    queue: &impl MessageQueue,
    record: &SqsMessage,
    deadline: SystemTime,
) -> Option<Duration> {
    let message = match R::Message::parse(record.body.as_deref().unwrap_or_default()) {
        Ok(message) => message,
        Err(error) => {
            let message_id = record.message_id.as_deref();
            tracing::error!(message_id, error = %ErrorChain(&error), "a message cannot be read");
            return Some(UNREADABLE);
        }
    };
    match worker.work(&message, deadline).await {
        Resume::Done => None,
        Resume::After(wait) if times_received(record) < RENEW_AFTER_RECEIVES => Some(wait),
        Resume::After(wait) => renew(queue, &message, wait).await,
    }
}

/// Queues the message anew in place of the old one. After a crash in between there are two, and
/// whoever does the work must bear that.
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
            tracing::error!(%error, "a message was not renewed");
            Some(wait)
        }
        None => Some(wait),
    }
}

async fn redeliver_after(queue: &impl MessageVisibility, record: &SqsMessage, wait: Duration) {
    let Some(receipt) = record.receipt_handle.as_deref() else { return };
    if let Err(error) = queue.redeliver_after(receipt, wait).await {
        // It comes back all the same, after the queue's own visibility timeout.
        tracing::warn!(%error, "a message comes back later than it should");
    }
}

fn times_received(record: &SqsMessage) -> u32 {
    let count = record.attributes.get("ApproximateReceiveCount");
    count.and_then(|count| count.parse().ok()).unwrap_or(0)
}
