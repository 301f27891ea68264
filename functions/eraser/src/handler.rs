//! An event of the queue of erasures: each message is worked on, and handed back until its erasure
//! is over.

use std::time::{Duration, SystemTime};

use aws_lambda_events::sqs::{BatchItemFailure, SqsBatchResponse, SqsEvent, SqsMessage};
use callhook::message::ErasureMessage;
use callhook::queue::{MessageQueue, MessageVisibility, Outgoing};
use callhook::store::{AccountPurge, LogPurge, ReportEraser};
use callhook::telemetry::Causes;
use lambda_runtime::Error;

use crate::time::Time;
use crate::worker::{Next, Worker};

/// What the function works with.
pub(crate) struct Eraser<C, L, Q> {
    pub(crate) worker: Worker<C, L>,
    /// The queue that its messages come from.
    pub(crate) erasures: Q,
}

/// SQS hands a message out 1,000 times at most before it is a dead letter. One that comes near
/// that goes on as a new message.
const RENEWED_AFTER: u32 = 900;
/// When a message that cannot be read comes back. After 1,000 times, some three hours, it is a
/// dead letter; until then a newer build may have come that reads it.
const UNREADABLE: Duration = Duration::from_secs(10);

impl<C, L, Q> Eraser<C, L, Q>
where
    C: AccountPurge,
    L: LogPurge + ReportEraser,
    Q: MessageQueue + MessageVisibility,
{
    /// Works on every message; the answer names those whose erasure is not over. Each event holds
    /// one (`BatchSize`), or the second would find little time.
    pub(crate) async fn handle(
        &self,
        event: SqsEvent,
        deadline: SystemTime,
    ) -> Result<SqsBatchResponse, Error> {
        let time = Time::until(deadline);
        let mut answer = SqsBatchResponse::default();
        for record in &event.records {
            if let Some(wait) = self.work(record, time).await {
                self.return_in(record, wait).await;
                // SQS deletes what the answer does not name; without a name the event fails.
                let id = record.message_id.clone().filter(|id| !id.is_empty());
                let mut failure = BatchItemFailure::default();
                failure.item_identifier = id.ok_or("a message without an id is not over")?;
                answer.batch_item_failures.push(failure);
            }
        }
        Ok(answer)
    }

    /// When the message is to come back, if it is.
    async fn work(&self, record: &SqsMessage, time: Time) -> Option<Duration> {
        let message = match ErasureMessage::parse(record.body.as_deref().unwrap_or_default()) {
            Ok(message) => message,
            Err(error) => {
                let message_id = record.message_id.as_deref();
                tracing::error!(message_id, error = %Causes(&error), "a message cannot be read");
                return Some(UNREADABLE);
            }
        };
        match self.worker.work(&message, time).await {
            Next::Over => None,
            Next::Again(wait) if times_received(record) < RENEWED_AFTER => Some(wait),
            Next::Again(wait) => self.renew(&message, wait).await,
        }
    }

    /// Queues the message anew in place of the old one. After a crash in between there are two,
    /// which harms nothing.
    async fn renew(&self, message: &ErasureMessage, wait: Duration) -> Option<Duration> {
        let Ok(body) = message.to_json() else { return Some(wait) };
        let account_id = message.account_id().clone();
        let renewed = Outgoing { body, account_id, delay: wait.min(Outgoing::MAX_DELAY) };
        match self.erasures.send(vec![renewed]).await.into_iter().next() {
            Some(Ok(())) => None,
            Some(Err(error)) => {
                tracing::error!(%error, "the message of an erasure was not renewed");
                Some(wait)
            }
            None => Some(wait),
        }
    }

    async fn return_in(&self, record: &SqsMessage, wait: Duration) {
        let Some(receipt) = record.receipt_handle.as_deref() else { return };
        if let Err(error) = self.erasures.return_in(receipt, wait).await {
            // It comes back all the same, after the queue's own visibility timeout.
            tracing::warn!(%error, "a message comes back later than it should");
        }
    }
}

fn times_received(record: &SqsMessage) -> u32 {
    let count = record.attributes.get("ApproximateReceiveCount");
    count.and_then(|count| count.parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests;
