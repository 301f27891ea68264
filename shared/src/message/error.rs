//! Why a message is not read.

use serde_json::error::Category;

use super::{SubmissionError, VERSION};
use crate::json::JsonError;

/// Why a message cannot be worked on by this build.
#[derive(Debug, thiserror::Error)]
pub enum MessageError {
    /// Not JSON of the expected shape. Its values are not repeated: a producer may have sent phone numbers.
    #[error("the message cannot be read: {problem} at line {line} column {column}")]
    Malformed {
        /// What is there instead.
        problem: &'static str,
        /// Where, from 1.
        line: usize,
        /// Where in the line, from 1.
        column: usize,
    },
    /// Another version.
    #[error("the message has {}; this build knows version {VERSION}", version(*.0))]
    UnknownVersion(u32),
    /// Another kind.
    #[error("the message is of an unknown kind")]
    UnknownKind,
    /// A kind that only functions send, from a queue to which producers may send.
    #[error("the queue of reports takes reports only")]
    NotFromProducers,
    /// More than a message of reports may hold.
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

/// A version as far as it is one, and not a number of another kind.
fn version(number: u32) -> String {
    if number < 1_000 { format!("version {number}") } else { "another version".to_owned() }
}
