//! Webhooks: where and how reports are delivered.

mod draft;
mod max_per_second;
mod redaction;
mod rotation;
mod secrets;
mod settings;
mod success_codes;
mod timeout;
mod url;
mod verification;

use jiff::Timestamp;
use serde_json::{Value, json};

pub use self::draft::WebhookDraft;
pub use self::max_per_second::{InvalidRate, MaxPerSecond};
pub use self::rotation::Rotation;
pub use self::secrets::{BearerSecret, InvalidBearerSecret, Secret, Unnamed, WebhookSecrets};
pub use self::settings::{DisabledReason, WebhookSettings, WebhookStatus};
pub use self::success_codes::SuccessCodes;
pub use self::timeout::AttemptTimeout;
pub use self::url::{InvalidUrl, WebhookUrl};
pub use self::verification::{Challenge, Unverified, VerificationToken};
use crate::ids::WebhookId;
use crate::signing::{SigningSecrets, TooManySecrets};

/// A webhook of an account. It cannot be serialized as it is, since it holds secrets:
/// [`Webhook::to_json`] is what clients see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Webhook {
    /// The webhook's id.
    pub id: WebhookId,
    /// What its owner chose.
    pub settings: WebhookSettings,
    /// What its requests hold and nobody else may see.
    pub secrets: WebhookSecrets,
    /// What its requests are signed with: there is no webhook whose requests are not.
    pub signing: SigningSecrets,
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
            signing: draft.signing,
            version: 1,
            created_at: now,
            updated_at: now,
        }
    }

    /// About the bytes of memory that it takes.
    pub fn memory_bytes(&self) -> usize {
        let description = self.settings.description.as_ref().map_or(0, String::len);
        self.settings.request.memory_bytes() + self.secrets.bytes() + description + 1024
    }

    /// The same webhook with other settings and secrets.
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

    /// The same webhook with another secret that signs; none if nothing would change, as when the
    /// same rotation is asked for twice.
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

    /// The webhook as clients see it: of its secrets only the names and times.
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
