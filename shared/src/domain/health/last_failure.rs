//! The last failure of a webhook's receiver.

use jiff::Timestamp;
use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer, Serialize};

use crate::domain::delivery::NoResponse;

/// The last failed attempt that was stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastFailure {
    /// When its outcome was known.
    pub at: Timestamp,
    /// Its outcome.
    #[serde(flatten)]
    pub outcome: FailedOutcome,
}

/// The outcome of a failed attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FailedOutcome {
    /// A response whose status is not a success.
    StatusCode(u16),
    /// No response.
    Error(NoResponse),
}

impl LastFailure {
    /// The failure of an attempt whose `result` was known at `at`.
    pub fn new(at: Timestamp, result: Result<u16, NoResponse>) -> Self {
        let outcome = match result {
            Ok(status_code) => FailedOutcome::StatusCode(status_code),
            Err(why) => FailedOutcome::Error(why),
        };
        Self { at, outcome }
    }

    /// The result of the attempt.
    pub fn result(&self) -> Result<u16, NoResponse> {
        match self.outcome {
            FailedOutcome::StatusCode(status_code) => Ok(status_code),
            FailedOutcome::Error(why) => Err(why),
        }
    }
}

/// Reads a last failure; `None` if it is of a later version. The rest of the item must still be
/// read, because it decides whether deliveries are sent.
pub(super) fn of_any_version<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<LastFailure>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Stored {
        Known(LastFailure),
        Unknown(IgnoredAny),
    }
    Ok(match Stored::deserialize(deserializer)? {
        Stored::Known(last) => Some(last),
        Stored::Unknown(_) => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::health::Health;
    use serde_dynamo::AttributeValue;
    use serde_json::json;
    use std::collections::HashMap;

    #[test]
    fn a_failure_is_stored_with_its_status_code_or_its_error() {
        let at = Timestamp::UNIX_EPOCH;
        for (result, stored) in [
            (Ok(503), json!({"at": at, "status_code": 503})),
            (Err(NoResponse::TlsExpired), json!({"at": at, "error": "tls_expired"})),
        ] {
            let failure = LastFailure::new(at, result);
            assert_eq!(json!(failure), stored);
            let health = Health { last_failure: Some(failure), ..Health::default() };
            let item: HashMap<String, AttributeValue> = serde_dynamo::to_item(health).unwrap();
            let read: Health = serde_dynamo::from_item(item).unwrap();
            assert_eq!(read.last_failure, Some(failure));
        }
    }

    #[test]
    fn an_unknown_failure_does_not_hide_the_rest_of_the_item() {
        let health = json!({
            "version": 1, "failures": 7,
            "last_failure": {"at": Timestamp::UNIX_EPOCH, "error": "of_a_later_version"},
        });
        let read: Health = serde_json::from_value(health).unwrap();
        assert_eq!((read.failures, read.last_failure), (7, None));
    }
}
