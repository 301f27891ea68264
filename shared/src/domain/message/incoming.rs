//! Messages as deliver receives them.

use super::{
    DELIVERED, DELIVERY, Head, JOURNAL, Message, MessageError, REPORTS, ReportsMessage,
    SubmittedReports,
};

/// A received message.
#[derive(Debug, Clone, PartialEq)]
pub enum Incoming {
    /// Sent by a function.
    Own(Message),
    /// Sent by a producer, in the format of the public contract.
    Submitted(SubmittedReports),
}

const SUBMITTED: &str = "submitted_reports";
/// The beginning of a message of reports. Most messages are of this kind, and so need not be parsed twice.
const REPORTS_HEAD: &str = r#"{"v":1,"kind":"reports","#;

impl Incoming {
    /// Reads a message that a function or a producer has sent.
    pub fn parse(body: &str) -> Result<Self, MessageError> {
        if body.starts_with(REPORTS_HEAD) {
            return Ok(Self::Own(Message::Reports(ReportsMessage::parse(body)?)));
        }
        Ok(Self::Own(match Head::kind_of(body)?.as_deref() {
            Some(SUBMITTED) => return Ok(Self::Submitted(SubmittedReports::parse(body)?)),
            Some(REPORTS) => Message::Reports(ReportsMessage::parse(body)?),
            Some(DELIVERY) => Message::Delivery(serde_json::from_str(body)?),
            Some(DELIVERED) => Message::Delivered(serde_json::from_str(body)?),
            Some(JOURNAL) => Message::Journal(serde_json::from_str(body)?),
            _ => return Err(MessageError::UnknownKind),
        }))
    }

    /// Reads a message of a queue to which producers may send. Kinds other than reports are refused unread, as nothing
    /// bounds their content.
    pub fn parse_of_producers(body: &str) -> Result<Self, MessageError> {
        if !body.starts_with(REPORTS_HEAD)
            && let Some(DELIVERY | DELIVERED | JOURNAL) = Head::kind_of(body)?.as_deref()
        {
            return Err(MessageError::NotFromProducers);
        }
        let mut incoming = Self::parse(body)?;
        if let Self::Own(Message::Reports(message)) = &mut incoming {
            // Only deliver sets permits, and never in this queue. A producer's far time would requeue the message until
            // then; a dead letter that is redriven takes permits anew.
            message.fan_out = None;
        }
        Ok(incoming)
    }
}
