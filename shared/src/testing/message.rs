//! Reading what a function has sent.

use crate::domain::message::{Incoming, Message, MessageError};

impl Message {
    /// Reads a message that a function has sent.
    pub fn parse(body: &str) -> Result<Self, MessageError> {
        match Incoming::parse(body)? {
            Incoming::Own(message) => Ok(message),
            Incoming::Submitted(_) => Err(MessageError::UnknownKind),
        }
    }
}
