//! The settings of a webhook that its owner chooses.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use strum::VariantArray;

use super::{AttemptTimeout, MaxPerSecond};
use crate::domain::compose::ComposeSettings;
use crate::domain::delivery::SuccessCodes;
use crate::domain::report::Mask;
use crate::domain::retry::RetrySchedule;
use crate::input::fields::{Fields, kind_of};

/// The status of a webhook.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum WebhookStatus {
    /// Reports are delivered.
    #[default]
    Active,
    /// Paused by its owner: its reports are skipped.
    Inactive,
    /// Deactivated by Callhook: its reports are skipped until its owner activates it.
    Disabled {
        /// Why.
        disabled_reason: DisabledReason,
        /// When.
        disabled_at: Timestamp,
    },
}

/// Why Callhook deactivated a webhook.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, VariantArray, thiserror::Error,
)]
#[serde(rename_all = "snake_case")]
pub enum DisabledReason {
    /// The receiver answered 410: the URL is gone for good.
    #[error("the receiver answered 410 Gone")]
    Gone,
    /// Every attempt failed for days.
    #[error("every attempt failed for days")]
    Failing,
}

impl DisabledReason {
    /// Every reason.
    pub const ALL: &'static [Self] = Self::VARIANTS;
}

/// The settings of a webhook. `Serialize` and `Deserialize` are for stores; the API shows
/// [`WebhookSettings::to_fields`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebhookSettings {
    /// The name; 1 to 100 characters.
    pub name: String,
    /// The templates of its requests.
    #[serde(flatten)]
    pub request: ComposeSettings,
    /// Whether reports are delivered now.
    #[serde(flatten)]
    pub status: WebhookStatus,
    /// The owner's notes; at most 1,000 characters.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub description: Option<String>,
    /// The waits between attempts, in seconds.
    pub retry: RetrySchedule,
    /// The time limit of one attempt.
    pub timeout_seconds: AttemptTimeout,
    /// The response codes that count as delivered.
    pub success_codes: SuccessCodes,
    /// The most requests per second; unlimited if absent.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub max_per_second: Option<MaxPerSecond>,
    /// The phone numbers of which the receiver gets the last digits only.
    #[serde(skip_serializing_if = "Mask::is_empty", default)]
    pub mask: Mask,
}

impl WebhookSettings {
    /// The longest name, in characters.
    pub const MAX_NAME: usize = 100;
    /// The longest description, in characters.
    pub const MAX_DESCRIPTION: usize = 1_000;

    /// Reads the settings from a request and adds errors to `fields`. Absent fields take their
    /// defaults; templates are not compiled. A webhook that was disabled `before` may stay disabled.
    pub(super) fn read(fields: &mut Fields<'_>, before: WebhookStatus) -> Option<Self> {
        let name = fields.required_text("name", Self::MAX_NAME).map(str::to_owned);
        let request = ComposeSettings::read(fields);
        let status =
            fields.parsed("status", |value| parse_status(value, before)).unwrap_or_default();
        let description = fields.text("description", Self::MAX_DESCRIPTION).map(str::to_owned);
        let retry = fields.parsed("retry", RetrySchedule::parse).unwrap_or_default();
        let timeout_seconds =
            fields.parsed("timeout_seconds", AttemptTimeout::from_json).unwrap_or_default();
        let success_codes =
            fields.parsed("success_codes", SuccessCodes::from_json).unwrap_or_default();
        let max_per_second = fields.parsed("max_per_second", MaxPerSecond::from_json);
        let mask = fields.parsed("mask", Mask::from_json).unwrap_or_default();
        Some(Self {
            // A wrong name is an error, but the templates are checked as well.
            name: name.unwrap_or_default(),
            request: request?,
            status,
            description,
            retry,
            timeout_seconds,
            success_codes,
            max_per_second,
            mask,
        })
    }

    /// The settings as the API shows them; a caller may send them back.
    pub fn to_fields(&self) -> Map<String, Value> {
        let mut fields = Map::new();
        fields.insert("name".to_owned(), json!(self.name));
        fields.extend(self.request.to_fields());
        fields.extend(self.status.to_fields());
        if let Some(description) = &self.description {
            fields.insert("description".to_owned(), json!(description));
        }
        fields.insert("retry".to_owned(), self.retry.to_json());
        fields.insert("timeout_seconds".to_owned(), json!(self.timeout_seconds));
        fields.insert("success_codes".to_owned(), json!(self.success_codes));
        if let Some(max_per_second) = &self.max_per_second {
            fields.insert("max_per_second".to_owned(), json!(max_per_second));
        }
        if !self.mask.is_empty() {
            fields.insert("mask".to_owned(), json!(self.mask));
        }
        fields
    }
}

impl WebhookStatus {
    /// The values of `status` in the API; only Callhook sets the last.
    pub const NAMES: [&str; 3] = ["active", "inactive", "disabled"];

    /// `status`, and for a deactivated webhook the reason and the time.
    fn to_fields(self) -> Map<String, Value> {
        match json!(self) {
            Value::Object(fields) => fields,
            // A tagged enum is always an object.
            _ => Map::new(),
        }
    }
}

fn parse_status(value: &Value, before: WebhookStatus) -> Result<WebhookStatus, String> {
    match value.as_str() {
        Some("active") => Ok(WebhookStatus::Active),
        Some("inactive") => Ok(WebhookStatus::Inactive),
        // A caller may send back what it read.
        Some("disabled") if matches!(before, WebhookStatus::Disabled { .. }) => Ok(before),
        Some(_) => Err("must be `active` or `inactive`".to_owned()),
        None => Err(format!("must be `active` or `inactive`, not {}", kind_of(value))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn name_and_url_are_sufficient() {
        let value = json!({"name": "CRM", "url": "https://crm.example/hook"});
        let mut fields = Fields::new(value.as_object().unwrap());
        let settings = WebhookSettings::read(&mut fields, WebhookStatus::Active).unwrap();
        fields.finish().into_result(()).unwrap();
        insta::assert_snapshot!(Value::Object(settings.to_fields()));
    }

    #[test]
    fn every_wrong_field_is_listed() {
        let value = json!({
            "name": "", "url": 7, "status": "on", "description": 1, "method": "DELETE",
            "retry": {"schedule": [0]}, "timeout_seconds": 31, "success_codes": [404], "uri": "x",
            "max_per_second": 0, "mask": ["status"],
        });
        let mut fields = Fields::new(value.as_object().unwrap());
        assert!(WebhookSettings::read(&mut fields, WebhookStatus::Active).is_none());
        let errors = fields.finish();
        insta::assert_snapshot!(errors.to_string().replace("; `", "\n`"));
    }
}
