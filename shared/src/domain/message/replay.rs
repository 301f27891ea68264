//! The message of a replay. It stays in its queue until the job has ended.

use serde::{Deserialize, Serialize};

use super::{Head, MessageError, VERSION, to_json};
use crate::domain::account::AccountId;
use crate::domain::ids::{ReplayId, WebhookId};

/// A replay to be processed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplayMessage {
    /// The account it belongs to.
    pub account_id: AccountId,
    /// The webhook.
    pub webhook_id: WebhookId,
    /// The replay.
    pub replay_id: ReplayId,
}

const REPLAY: &str = "replay";

impl ReplayMessage {
    /// Reads a message.
    pub fn parse(body: &str) -> Result<Self, MessageError> {
        let head: Head = serde_json::from_str(body)?;
        if head.v != VERSION {
            return Err(MessageError::UnknownVersion(head.v));
        }
        match head.kind.as_deref() {
            Some(REPLAY) => Ok(serde_json::from_str(body)?),
            _ => Err(MessageError::UnknownKind),
        }
    }

    /// The message as JSON.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        to_json(REPLAY, self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_reads_back_what_it_writes() {
        let message = ReplayMessage {
            account_id: "acme".parse().unwrap(),
            webhook_id: "01890a5d-ac96-774b-bcce-b302099a8057".parse().unwrap(),
            replay_id: "01890a5d-ac96-774b-bcce-b302099a8058".parse().unwrap(),
        };
        let json = message.to_json().unwrap();
        insta::assert_snapshot!(json);
        assert_eq!(ReplayMessage::parse(&json).unwrap(), message);
    }

    #[test]
    fn other_messages_are_errors() {
        for (body, why) in [
            ("{}", "cannot be read"),
            (r#"{"v":2,"kind":"replay"}"#, "version 2"),
            (r#"{"v":1,"kind":"delivery"}"#, "unknown kind"),
            (r#"{"v":1,"kind":"replay","account_id":"acme"}"#, "cannot be read"),
        ] {
            let error = ReplayMessage::parse(body).unwrap_err().to_string();
            assert!(error.contains(why), "{body}: {error}");
        }
    }
}
