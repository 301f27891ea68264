//! Subscriptions: rules that send an account's reports to a webhook without naming it in each.

mod identity;
mod rules;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

pub use self::identity::{Identity, InvalidIdentity, Normalized};
pub use self::rules::{RuleRange, Subscriber};
use crate::domain::event::Event;
use crate::domain::ids::{SubscriptionId, WebhookId, parse_webhook_id};
use crate::input::fields::{FieldErrors, Fields};

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

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_request_names_every_wrong_field() {
        let json = json!({"event": "A", "identity": "everyone", "webhook_id": 7});
        let error = Subscription::from_request(json.as_object().unwrap(), Timestamp::UNIX_EPOCH)
            .unwrap_err();
        let wrong: Vec<_> = error.iter().map(|error| error.field.as_str()).collect();
        assert_eq!(wrong, ["event", "identity", "webhook_id"]);
    }
}
