//! Reads a batch of SQS records, and answers which of them SQS must redeliver.

use std::collections::HashSet;
use std::panic::catch_unwind;

use aws_lambda_events::sqs::{BatchItemFailure, SqsBatchResponse};
use callhook::domain::message::Message;
use callhook::runtime::telemetry::ErrorChain;
use jiff::Timestamp;
use lambda_runtime::Error;

use crate::event::{Received, Record};
use crate::pending::{FailedRecords, RecordIndex};
use crate::requeue::{NotDue, are_not_due, is_not_due};

/// The messages of a batch.
#[derive(Default)]
pub(crate) struct Batch {
    /// Messages to handle now.
    pub(crate) due: Vec<(RecordIndex, Message)>,
    /// Those of them that a producer sent straight to the queue.
    pub(crate) submitted: HashSet<RecordIndex>,
    pub(crate) not_due: NotDue,
    /// Poison messages.
    pub(crate) unreadable: FailedRecords,
}

impl Batch {
    /// Reads `records`. A record that cannot be read, or whose reading panics, fails alone.
    pub(crate) fn read(records: &[Record], reports_queue: &str, now: Timestamp) -> Self {
        let mut batch = Self::default();
        for (index, record) in records.iter().enumerate() {
            match catch_unwind(|| record.read(reports_queue)) {
                Ok(Ok(Received::Own(Message::Delivery(message))))
                    if is_not_due(&message, now) && !message.is_expired(now) =>
                {
                    batch.not_due.deliveries.push((index, message));
                }
                Ok(Ok(Received::Own(Message::Reports(message)))) if are_not_due(&message, now) => {
                    batch.not_due.reports.push((index, message));
                }
                Ok(Ok(Received::Own(message))) => batch.due.push((index, message)),
                Ok(Ok(Received::Submitted(message))) => {
                    batch.submitted.insert(index);
                    batch.due.push((index, Message::Reports(message)));
                }
                Ok(Err(error)) => {
                    let message_id = record.message_id.as_deref();
                    tracing::error!(message_id, error = %ErrorChain(&error), "a message cannot be read");
                    batch.unreadable.insert(index);
                }
                Err(_) => {
                    tracing::error!(
                        message_id = record.message_id.as_deref(),
                        "reading a message panicked"
                    );
                    batch.unreadable.insert(index);
                }
            }
        }
        batch
    }
}

/// The records that SQS hands out for the second time: part of their work was likely done before. A
/// third receipt does not wait for the log: `MaxReceiveCount` may be 3, and a dead letter is later
/// than any delivery.
pub(crate) fn redelivered(records: &[Record]) -> HashSet<RecordIndex> {
    let records = records.iter().enumerate();
    let second = records.filter(|(_, record)| record.times_received() == Some(2));
    second.map(|(index, _)| index).collect()
}

/// The answer to Lambda: SQS deletes the records that it does not name. A failed record without an id
/// fails the batch.
pub(crate) fn response(
    records: &[Record],
    failed: &FailedRecords,
) -> Result<SqsBatchResponse, Error> {
    let mut response = SqsBatchResponse::default();
    for index in failed {
        let id = records.get(*index).and_then(|record| record.message_id.clone());
        let mut failure = BatchItemFailure::default();
        failure.item_identifier =
            id.filter(|id| !id.is_empty()).ok_or("a message without an id failed")?;
        response.batch_item_failures.push(failure);
    }
    Ok(response)
}
