//! The fields of an SQS event that deliver reads. It skips the others, two thirds of the bytes.

use callhook::domain::message::{Incoming, Message, MessageError, ReportsMessage};
use jiff::Timestamp;
use serde::Deserialize;

/// A batch of up to ten records.
#[derive(Deserialize)]
pub(crate) struct Event {
    #[serde(rename = "Records")]
    pub(crate) records: Vec<Record>,
}

/// An SQS message.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Record {
    pub(crate) message_id: Option<String>,
    pub(crate) body: Option<String>,
    attributes: Option<Attributes>,
    /// The ARN of the queue.
    #[serde(rename = "eventSourceARN")]
    queue: Option<String>,
}

#[derive(Deserialize)]
struct Attributes {
    #[serde(rename = "ApproximateReceiveCount")]
    times_received: Option<String>,
    /// Milliseconds since the epoch, by SQS's clock; the same at each receipt.
    #[serde(rename = "SentTimestamp")]
    sent_at: Option<String>,
}

/// The message of a record, by its sender.
#[derive(Debug)]
pub(crate) enum Received {
    /// A function sent it.
    Own(Message),
    /// A producer sent these reports straight to the queue.
    Submitted(ReportsMessage),
}

/// Why a record cannot be read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RecordError {
    /// Its body is no message.
    #[error(transparent)]
    Message(#[from] MessageError),
    /// It has no `SentTimestamp`, which SQS always sets.
    #[error("the record does not say when its message was sent")]
    NoSentTimestamp,
}

impl Record {
    /// Reads the message. Producers may be allowed to send to `reports_queue`, so messages from there may hold
    /// reports only.
    pub(crate) fn read(&self, reports_queue: &str) -> Result<Received, RecordError> {
        let queue = self.queue.as_deref().and_then(|arn| arn.rsplit(':').next());
        let body = self.body.as_deref().unwrap_or_default();
        let incoming = if queue == Some(reports_queue) {
            Incoming::parse_of_producers(body)
        } else {
            Incoming::parse(body)
        };
        match incoming? {
            Incoming::Own(message) => Ok(Received::Own(message)),
            Incoming::Submitted(submitted) => {
                let sent_at = self.sent_at().ok_or(RecordError::NoSentTimestamp)?;
                Ok(Received::Submitted(submitted.accept(sent_at)))
            }
        }
    }

    fn sent_at(&self) -> Option<Timestamp> {
        let millis = self.attributes.as_ref()?.sent_at.as_ref()?.parse().ok()?;
        Timestamp::from_millisecond(millis).ok()
    }

    /// How often SQS has handed it out, including this time.
    pub(crate) fn times_received(&self) -> Option<u32> {
        self.attributes.as_ref()?.times_received.as_ref()?.parse().ok()
    }
}
