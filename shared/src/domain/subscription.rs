//! Subscriptions: rules that send an account's reports to a webhook without naming it in each.

mod identity;
mod rules;

use std::str::FromStr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

pub use self::identity::{Identity, InvalidIdentity, Normalized};
pub use self::rules::{RuleRange, Subscriber};
use crate::domain::ids::{InvalidId, SubscriptionId, WebhookId};
use crate::domain::operational::OperationalEvent;
use crate::input::fields::{FieldErrors, Fields, kind_of};

/// The event of a report: lowercase words separated by `:`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Event(String);

/// Completes "`event` …".
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error(
    "must be an event such as {}: words of `a–z 0–9 _ . -` separated by `:`, at most 64 characters",
    Event::VOICE_OUT
)]
pub struct InvalidEvent;

impl Event {
    /// The default event: a finished outgoing call.
    pub const VOICE_OUT: &str = "voice:message:out";

    /// The event as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is an operational event, which a platform may not use.
    pub fn is_operational(&self) -> bool {
        self.0.starts_with(OperationalEvent::PREFIX)
    }
}

impl Default for Event {
    fn default() -> Self {
        Self(Self::VOICE_OUT.to_owned())
    }
}

impl FromStr for Event {
    type Err = InvalidEvent;

    fn from_str(text: &str) -> Result<Self, InvalidEvent> {
        let allowed = |b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'.' | b'-');
        let word = |part: &str| !part.is_empty() && part.bytes().all(allowed);
        if text.len() <= 64 && text.split(':').all(word) {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidEvent)
        }
    }
}

impl TryFrom<String> for Event {
    type Error = InvalidEvent;

    fn try_from(text: String) -> Result<Self, InvalidEvent> {
        text.parse()
    }
}

impl From<Event> for String {
    fn from(event: Event) -> Self {
        event.0
    }
}

/// A subscription of an account. No two have the same event, identity and webhook.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subscription {
    /// The subscription's id.
    pub id: SubscriptionId,
    /// The event to which it subscribes.
    pub event: Event,
    /// The reports of that event that it selects.
    pub identity: Identity,
    /// The webhook that receives them.
    pub webhook_id: WebhookId,
    /// When it was made.
    pub created_at: Timestamp,
}

impl Subscription {
    /// Reads a request to create a subscription. `event` and `identity` default to all outgoing calls of
    /// the account.
    pub fn from_request(object: &Map<String, Value>, now: Timestamp) -> Result<Self, FieldErrors> {
        let mut fields = Fields::new(object);
        let event = fields
            .parsed("event", |value| value.as_str().unwrap_or_default().parse())
            .unwrap_or_default();
        let identity = fields
            .parsed("identity", |value| value.as_str().unwrap_or_default().parse())
            .unwrap_or(Identity::All);
        if fields.value("webhook_id").is_none() {
            fields.errors.add("webhook_id", "is required");
        }
        let webhook_id = fields.parsed("webhook_id", parse_webhook_id);
        let errors = fields.finish();
        match webhook_id {
            Some(webhook_id) => errors.into_result(Self {
                id: SubscriptionId::generate(),
                event,
                identity,
                webhook_id,
                created_at: now,
            }),
            None => Err(errors),
        }
    }
}

/// Reads a webhook's id from a field of a request.
pub(crate) fn parse_webhook_id(value: &Value) -> Result<WebhookId, String> {
    let text = value.as_str().ok_or_else(|| format!("{InvalidId}, not {}", kind_of(value)))?;
    text.parse().map_err(|error: InvalidId| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn events_are_words_with_colons() {
        assert_eq!(Event::default().as_str().parse(), Ok(Event::default()));
        for bad in ["", ":", "voice:", "Voice", "a#b", "a b", &"x".repeat(65)] {
            assert_eq!(bad.parse::<Event>(), Err(InvalidEvent), "{bad}");
        }
    }

    #[test]
    fn a_request_names_every_wrong_field() {
        let json = json!({"event": "A", "identity": "everyone", "webhook_id": 7});
        let error = Subscription::from_request(json.as_object().unwrap(), Timestamp::UNIX_EPOCH)
            .unwrap_err();
        let wrong: Vec<_> = error.iter().map(|error| error.field.as_str()).collect();
        assert_eq!(wrong, ["event", "identity", "webhook_id"]);
    }
}
