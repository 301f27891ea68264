//! Log lines, as JSON objects on standard output, which Lambda sends to CloudWatch Logs.
//!
//! A line has a short constant message, ids and counts as fields, and an error with its causes. It never has a report's
//! values, a URL's path or query, or a key. As a safeguard, phone numbers are masked in every line (`masking.rs`).

mod masking;
pub mod metrics;
mod panics;

use std::error::Error;
use std::{fmt, io};

use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use self::masking::Masking;
use crate::runtime::config::{self, ConfigError};

/// Sets up logging, of panics too, at the level in `LOG_LEVEL` (`info` if unset).
pub fn init() -> Result<(), ConfigError> {
    let level = config::parsed_or("LOG_LEVEL", LevelFilter::INFO)?;
    // Below `info`, other crates log whole requests, with keys and phone numbers.
    let filter =
        Targets::new().with_default(level.min(LevelFilter::INFO)).with_target("callhook", level);
    let lines = tracing_subscriber::fmt::layer()
        .json()
        .flatten_event(true)
        .with_current_span(false)
        .with_span_list(false)
        // CloudWatch adds a timestamp to every line.
        .without_time()
        .with_writer(|| Masking(io::stdout()));
    tracing_subscriber::registry().with(filter).with(lines).init();
    panics::install_hook();
    Ok(())
}

/// An error and all its causes in one line, for a log field.
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
    use crate::ports::store::StoreError;

    #[test]
    fn every_cause_is_shown() {
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
