//! Settings of webhooks, as a caller of the API writes them.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::{Webhook, WebhookDraft};

/// The settings of a new webhook: a name, a URL, and what a test adds.
#[derive(Debug, Clone)]
pub struct NewWebhook(Map<String, Value>);

impl NewWebhook {
    /// A webhook for `url` that has the defaults of all other settings.
    #[must_use]
    pub fn new(url: &str) -> Self {
        let settings = [("name", "Receiver"), ("url", url)];
        Self(settings.map(|(field, value)| (field.to_owned(), value.into())).into_iter().collect())
    }

    /// Sets a field.
    #[must_use]
    pub fn with(mut self, field: &str, value: impl Into<Value>) -> Self {
        self.0.insert(field.to_owned(), value.into());
        self
    }

    /// Sets all fields of the object `settings`; nothing if it is none.
    #[must_use]
    pub fn with_all(mut self, settings: &Value) -> Self {
        self.0.extend(settings.as_object().cloned().unwrap_or_default());
        self
    }

    /// Sets the seconds between attempts.
    #[must_use]
    pub fn retrying_after(self, seconds: &[u32]) -> Self {
        self.with("retry", json!({"schedule": seconds}))
    }

    /// Sets a schedule without retries.
    #[must_use]
    pub fn without_retries(self) -> Self {
        self.retrying_after(&[])
    }

    /// The webhook, created at `now`.
    ///
    /// # Panics
    ///
    /// If a setting is invalid.
    #[expect(clippy::expect_used, reason = "for tests")]
    pub fn build(self, now: Timestamp) -> Webhook {
        let draft = WebhookDraft::create(&self.0, now).expect("valid settings");
        Webhook::new(draft, now)
    }

    /// The body of a request that creates the webhook.
    pub fn json(self) -> Value {
        Value::Object(self.0)
    }
}
