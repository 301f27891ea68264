//! Webhooks: where and how reports are delivered.

mod settings;
mod success_codes;
mod timeout;
mod url;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use self::settings::{WebhookSettings, WebhookStatus};
pub use self::success_codes::SuccessCodes;
pub use self::timeout::AttemptTimeout;
pub use self::url::{InvalidUrl, WebhookUrl};
use crate::ids::WebhookId;

/// A webhook of an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Webhook {
    /// The webhook's id.
    pub id: WebhookId,
    /// What its owner chose.
    #[serde(flatten)]
    pub settings: WebhookSettings,
    /// Counts changes, from 1; the `ETag` of the webhook.
    pub version: u64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

impl Webhook {
    /// A new webhook with these settings.
    pub fn new(settings: WebhookSettings, now: Timestamp) -> Self {
        Self { id: WebhookId::generate(), settings, version: 1, created_at: now, updated_at: now }
    }

    /// The same webhook with other settings.
    #[must_use]
    pub fn changed(&self, settings: WebhookSettings, now: Timestamp) -> Self {
        Self {
            id: self.id,
            settings,
            version: self.version + 1,
            created_at: self.created_at,
            updated_at: now,
        }
    }
}
