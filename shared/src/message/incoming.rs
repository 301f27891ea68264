//! Messages as they come out of the queues for reports and retries.

use super::{
    DELIVERY, Head, JOURNAL, Message, MessageError, REPORTS, ReportsMessage, SubmittedReports,
    TAKEN,
};

/// A message as it comes out of a queue.
#[derive(Debug, Clone, PartialEq)]
pub enum Incoming {
    /// A function has sent it.
    Own(Message),
    /// A producer has sent it, in the form of the public contract.
    Submitted(SubmittedReports),
}

const SUBMITTED: &str = "submitted_reports";
/// How a message of reports begins, which are most: it need not be read twice.
const REPORTS_HEAD: &str = r#"{"v":1,"kind":"reports","#;

impl Incoming {
    /// Reads a message that a function may have sent, or a producer.
    pub fn parse(body: &str) -> Result<Self, MessageError> {
        if body.starts_with(REPORTS_HEAD) {
            return Ok(Self::Own(Message::Reports(ReportsMessage::parse(body)?)));
        }
        Ok(Self::Own(match Head::kind_of(body)?.as_deref() {
            Some(SUBMITTED) => return Ok(Self::Submitted(SubmittedReports::parse(body)?)),
            Some(REPORTS) => Message::Reports(ReportsMessage::parse(body)?),
            Some(DELIVERY) => Message::Delivery(serde_json::from_str(body)?),
            Some(TAKEN) => Message::Delivered(serde_json::from_str(body)?),
            Some(JOURNAL) => Message::Journal(serde_json::from_str(body)?),
            _ => return Err(MessageError::UnknownKind),
        }))
    }

    /// Reads a message of a queue to which producers may send. Other kinds than reports are not read at all: nothing
    /// bounds what a producer writes into them.
    pub fn parse_of_producers(body: &str) -> Result<Self, MessageError> {
        if !body.starts_with(REPORTS_HEAD)
            && let Some(DELIVERY | TAKEN | JOURNAL) = Head::kind_of(body)?.as_deref()
        {
            return Err(MessageError::NotFromProducers);
        }
        let mut incoming = Self::parse(body)?;
        if let Self::Own(Message::Reports(message)) = &mut incoming {
            // Ingest says nothing of places. A time in a thousand years would have the message requeued until then;
            // a dead letter that is redriven takes places anew.
            message.fan_out = None;
        }
        Ok(incoming)
    }
}
