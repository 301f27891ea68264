//! Errors of reading messages.

use serde_json::error::Category;

use super::{SubmissionError, VERSION};
use crate::input::json::JsonError;

/// Why this build cannot process a message.
#[derive(Debug, thiserror::Error)]
pub enum MessageError {
    /// Not JSON of the expected shape. The error repeats no values: a producer may have sent phone numbers.
    #[error("the message cannot be read: {problem} at line {line} column {column}")]
    Malformed {
        /// The kind of problem.
        problem: &'static str,
        /// The line, from 1.
        line: usize,
        /// The column, from 1.
        column: usize,
    },
    /// The version is not supported.
    #[error("the message has {}; this build knows version {VERSION}", version(*.0))]
    UnknownVersion(u32),
    /// The kind is unknown.
    #[error("the message is of an unknown kind")]
    UnknownKind,
    /// A kind that only functions may send, in the queue to which producers may send.
    #[error("the queue of reports accepts only reports")]
    NotFromProducers,
    /// More values than a message of reports may hold.
    #[error("the message of reports holds too much: {0}")]
    TooMuch(#[from] JsonError),
    /// A producer's message breaks the contract.
    #[error("the submission is refused")]
    Submission(#[from] SubmissionError),
}

impl From<serde_json::Error> for MessageError {
    fn from(error: serde_json::Error) -> Self {
        let problem = match error.classify() {
            Category::Data => "JSON of another form",
            Category::Syntax | Category::Eof | Category::Io => "no JSON",
        };
        Self::Malformed { problem, line: error.line(), column: error.column() }
    }
}

/// The version for the message; a large number is not repeated, as it may be a phone number.
fn version(number: u32) -> String {
    if number < 1_000 { format!("version {number}") } else { "another version".to_owned() }
}
