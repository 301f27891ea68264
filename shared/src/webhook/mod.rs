//! Webhooks: where and how reports are delivered.

mod draft;
mod max_per_second;
mod secrets;
mod settings;
mod success_codes;
mod timeout;
mod url;

use jiff::Timestamp;
use serde_json::{Value, json};

pub use self::draft::WebhookDraft;
pub use self::max_per_second::{InvalidRate, MaxPerSecond};
pub use self::secrets::{Secret, Unnamed, WebhookSecrets};
pub use self::settings::{DisabledReason, WebhookSettings, WebhookStatus};
pub use self::success_codes::SuccessCodes;
pub use self::timeout::AttemptTimeout;
pub use self::url::{InvalidUrl, WebhookUrl};
use crate::ids::WebhookId;

/// A webhook of an account. It cannot be serialized as it is, since it holds secrets:
/// [`Webhook::to_json`] is what clients see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Webhook {
    /// The webhook's id.
    pub id: WebhookId,
    /// What its owner chose.
    pub settings: WebhookSettings,
    /// The values of `%name%` in its templates.
    pub secrets: WebhookSecrets,
    /// Counts changes, from 1; the `ETag` of the webhook.
    pub version: u64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

impl Webhook {
    /// A new webhook.
    pub fn new(draft: WebhookDraft, now: Timestamp) -> Self {
        Self {
            id: WebhookId::generate(),
            settings: draft.settings,
            secrets: draft.secrets,
            version: 1,
            created_at: now,
            updated_at: now,
        }
    }

    /// The same webhook with other settings and secrets.
    #[must_use]
    pub fn changed(&self, draft: WebhookDraft, now: Timestamp) -> Self {
        Self {
            id: self.id,
            settings: draft.settings,
            secrets: draft.secrets,
            version: self.version + 1,
            created_at: self.created_at,
            updated_at: now,
        }
    }

    /// The webhook as clients see it: of its secrets only the names.
    pub fn to_json(&self) -> Value {
        let mut object = serde_json::Map::new();
        object.insert("id".to_owned(), json!(self.id));
        object.extend(self.settings.to_fields());
        object.insert("secrets".to_owned(), self.secrets.to_json());
        object.insert("version".to_owned(), json!(self.version));
        object.insert("created_at".to_owned(), json!(self.created_at));
        object.insert("updated_at".to_owned(), json!(self.updated_at));
        Value::Object(object)
    }
}
