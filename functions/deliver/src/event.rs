//! What deliver reads of an event of SQS. The rest, twice as much, is passed over.

use callhook::message::{Incoming, Message, MessageError, ReportsMessage};
use jiff::Timestamp;
use serde::Deserialize;

/// Up to ten messages.
#[derive(Deserialize)]
pub(crate) struct Event {
    #[serde(rename = "Records")]
    pub(crate) records: Vec<Record>,
}

/// A message.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Record {
    pub(crate) message_id: Option<String>,
    pub(crate) body: Option<String>,
    attributes: Option<Attributes>,
    /// The ARN of its queue.
    #[serde(rename = "eventSourceARN")]
    queue: Option<String>,
}

#[derive(Deserialize)]
struct Attributes {
    #[serde(rename = "ApproximateReceiveCount")]
    times_received: Option<String>,
    /// Milliseconds since the epoch, by SQS's clock; the same each time that SQS hands it out.
    #[serde(rename = "SentTimestamp")]
    sent_at: Option<String>,
}

/// A message of a record.
#[derive(Debug)]
pub(crate) enum Received {
    /// A function has sent it.
    Own(Message),
    /// A producer has submitted these reports.
    Submitted(ReportsMessage),
}

/// Why a record is not worked on.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RecordError {
    /// Its message cannot be read.
    #[error(transparent)]
    Message(#[from] MessageError),
    /// SQS always says when a message was sent.
    #[error("the record does not say when its message was sent")]
    NoSentTimestamp,
}

impl Record {
    /// Reads its message. Producers may be allowed to send to `reports_queue`, so what only a function may say is not
    /// read from there.
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

    /// How often SQS has handed it out, this time included.
    pub(crate) fn times_received(&self) -> Option<u32> {
        self.attributes.as_ref()?.times_received.as_ref()?.parse().ok()
    }
}
