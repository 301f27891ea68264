//! Webhooks: the URL, request, secrets and settings with which reports are delivered.

mod draft;
mod max_per_second;
mod redaction;
mod rotation;
mod secrets;
mod settings;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
mod timeout;
mod verification_token;

use jiff::Timestamp;
use serde_json::{Value, json};

pub use self::draft::WebhookDraft;
pub use self::max_per_second::{InvalidRate, MaxPerSecond};
pub use self::rotation::Rotation;
pub use self::secrets::{AbsentSecrets, BearerSecret, InvalidBearerSecret, Secret, WebhookSecrets};
pub use self::settings::{DisabledReason, WebhookSettings, WebhookStatus};
pub use self::timeout::AttemptTimeout;
pub use self::verification_token::VerificationToken;
use crate::domain::ids::WebhookId;
use crate::domain::signing::{SigningSecrets, TooManySecrets};

/// A webhook of an account. It does not implement `Serialize`, since it holds secrets: the API shows
/// [`Webhook::to_json`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Webhook {
    /// The webhook's id.
    pub id: WebhookId,
    /// The settings that its owner chose.
    pub settings: WebhookSettings,
    /// The secrets that its requests contain.
    pub secrets: WebhookSecrets,
    /// The secrets that sign its requests; every webhook has one.
    pub signing: SigningSecrets,
    /// Counts changes, from 1; also the `ETag` of the webhook.
    pub version: u64,
    /// The time of its creation.
    pub created_at: Timestamp,
    /// The time of its last change.
    pub updated_at: Timestamp,
}

impl Webhook {
    /// A new webhook.
    pub fn new(draft: WebhookDraft, now: Timestamp) -> Self {
        Self {
            id: WebhookId::generate(),
            settings: draft.settings,
            secrets: draft.secrets,
            signing: draft.signing,
            version: 1,
            created_at: now,
            updated_at: now,
        }
    }

    /// Estimate of the memory that it occupies, in bytes.
    pub fn memory_bytes(&self) -> usize {
        let description = self.settings.description.as_ref().map_or(0, String::len);
        self.settings.request.memory_bytes() + self.secrets.bytes() + description + 1024
    }

    /// The webhook with the settings and secrets of `draft`.
    #[must_use]
    pub fn changed(&self, draft: WebhookDraft, now: Timestamp) -> Self {
        Self {
            id: self.id,
            settings: draft.settings,
            secrets: draft.secrets,
            signing: draft.signing,
            version: self.version + 1,
            created_at: self.created_at,
            updated_at: now,
        }
    }

    /// The webhook after `rotation`; `None` if it changes nothing, as when a caller repeats the request.
    pub fn rotated(
        &self,
        rotation: &Rotation,
        now: Timestamp,
    ) -> Result<Option<Self>, TooManySecrets> {
        let signing = self.signing.rotated(rotation.secret.clone(), rotation.overlap, now)?;
        if signing == self.signing.live_at(now) {
            return Ok(None);
        }
        Ok(Some(Self { signing, version: self.version + 1, updated_at: now, ..self.clone() }))
    }

    /// The webhook as the API shows it: of its secrets only names and times.
    pub fn to_json(&self) -> Value {
        let mut object = serde_json::Map::new();
        object.insert("id".to_owned(), json!(self.id));
        object.extend(self.settings.to_fields());
        object.extend(self.secrets.to_fields());
        object.insert("signing".to_owned(), self.signing.to_json());
        object.insert("version".to_owned(), json!(self.version));
        object.insert("created_at".to_owned(), json!(self.created_at));
        object.insert("updated_at".to_owned(), json!(self.updated_at));
        Value::Object(object)
    }
}
