//! Log lines: one JSON object each, on standard output, from where CloudWatch takes them.
//!
//! What a good line looks like: a short constant sentence, ids and counts as fields, an error
//! with its causes. What never stands in one: a report's values, a URL's path or query, a key. Phone
//! numbers are masked in every line all the same (`masking.rs`).

mod masking;
pub mod metrics;
mod panics;

use std::error::Error;
use std::{fmt, io};

use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use self::masking::Masking;
use crate::config::{self, ConfigError};

/// Starts logging, also of panics, at the level that `LOG_LEVEL` names (`info` if unset).
pub fn init() -> Result<(), ConfigError> {
    let level = config::parsed_or("LOG_LEVEL", LevelFilter::INFO)?;
    // Below `info` other crates log whole requests, with keys and phone numbers in them.
    let filter =
        Targets::new().with_default(level.min(LevelFilter::INFO)).with_target("callhook", level);
    let lines = tracing_subscriber::fmt::layer()
        .json()
        .flatten_event(true)
        .with_current_span(false)
        .with_span_list(false)
        // CloudWatch stamps every line.
        .without_time()
        .with_writer(|| Masking(io::stdout()));
    tracing_subscriber::registry().with(filter).with(lines).init();
    panics::log_without_data();
    Ok(())
}

/// An error with all its causes in one line, for a field of a log line.
pub struct ErrorChain<'a>(pub &'a dyn Error);

impl fmt::Display for ErrorChain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)?;
        let mut cause = self.0.source();
        while let Some(error) = cause {
            write!(f, ": {error}")?;
            cause = error.source();
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::StoreError;

    #[test]
    fn causes_are_all_named() {
        let error = StoreError::Unavailable {
            action: "reading a key",
            source: Box::new(std::io::Error::other("connection refused")),
        };
        assert_eq!(
            ErrorChain(&error).to_string(),
            "reading a key: DynamoDB is unavailable: connection refused"
        );
    }
}
