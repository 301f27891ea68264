//! What the owner of a webhook chooses.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{AttemptTimeout, SuccessCodes, WebhookUrl};
use crate::fields::{FieldErrors, Fields, kind_of};
use crate::retry::RetrySchedule;

/// Whether reports are delivered to a webhook.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WebhookStatus {
    /// Reports are delivered.
    Active,
    /// Its owner paused it: reports for it end as skipped.
    Inactive,
}

/// The settings of a webhook, all valid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebhookSettings {
    /// What people call it; 1 to 100 characters.
    pub name: String,
    /// Where reports go.
    pub url: WebhookUrl,
    /// Whether they go there now.
    pub status: WebhookStatus,
    /// Notes of the owner; at most 1,000 characters.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub description: Option<String>,
    /// The waits between attempts, in seconds.
    #[serde(serialize_with = "write_schedule", deserialize_with = "read_schedule")]
    pub retry: RetrySchedule,
    /// How long one attempt may take.
    pub timeout_seconds: AttemptTimeout,
    /// The response codes that count as taken.
    pub success_codes: SuccessCodes,
}

/// Fields of a webhook that only the server sets. A client may send back what it read.
const SET_BY_SERVER: [&str; 4] = ["id", "version", "created_at", "updated_at"];

impl WebhookSettings {
    /// Reads the whole settings from a request; what is absent takes its default. Errors name
    /// every wrong field.
    pub fn parse(object: &Map<String, Value>) -> Result<Self, FieldErrors> {
        let mut fields = Fields::new(object);
        let name = fields.required_text("name", 100).map(str::to_owned);
        if fields.value("url").is_none() {
            fields.errors.add("url", "is required");
        }
        let url = fields.parsed("url", WebhookUrl::from_json);
        let status = fields.parsed("status", parse_status).unwrap_or(WebhookStatus::Active);
        let description = fields.text("description", 1_000).map(str::to_owned);
        let retry = fields.parsed("retry", RetrySchedule::parse).unwrap_or_default();
        let timeout_seconds =
            fields.parsed("timeout_seconds", AttemptTimeout::from_json).unwrap_or_default();
        let success_codes =
            fields.parsed("success_codes", SuccessCodes::from_json).unwrap_or_default();
        fields.ignore(&SET_BY_SERVER);
        let errors = fields.finish();
        match (name, url) {
            (Some(name), Some(url)) => errors.into_result(Self {
                name,
                url,
                status,
                description,
                retry,
                timeout_seconds,
                success_codes,
            }),
            _ => Err(errors),
        }
    }

    /// These settings with the fields of `patch` in place of theirs, each as a whole; `null` takes
    /// a field back to its default.
    pub fn patched(&self, patch: &Map<String, Value>) -> Result<Self, FieldErrors> {
        let mut object = self.to_object();
        for (name, value) in patch {
            object.insert(name.clone(), value.clone());
        }
        Self::parse(&object)
    }

    fn to_object(&self) -> Map<String, Value> {
        match serde_json::to_value(self) {
            Ok(Value::Object(object)) => object,
            // A struct of strings and numbers always serializes to an object.
            _ => Map::new(),
        }
    }
}

fn parse_status(value: &Value) -> Result<WebhookStatus, String> {
    match value.as_str() {
        Some("active") => Ok(WebhookStatus::Active),
        Some("inactive") => Ok(WebhookStatus::Inactive),
        Some(_) => Err("must be `active` or `inactive`".to_owned()),
        None => Err(format!("must be `active` or `inactive`, not {}", kind_of(value))),
    }
}

#[derive(Serialize, Deserialize)]
struct RetryObject<S> {
    schedule: S,
}

fn write_schedule<S: serde::Serializer>(
    schedule: &RetrySchedule,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    RetryObject { schedule }.serialize(serializer)
}

fn read_schedule<'de, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> Result<RetrySchedule, D::Error> {
    RetryObject::deserialize(deserializer).map(|object| object.schedule)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn parse(value: &Value) -> Result<WebhookSettings, FieldErrors> {
        WebhookSettings::parse(value.as_object().unwrap())
    }

    #[test]
    fn name_and_url_suffice() {
        let settings = parse(&json!({"name": "CRM", "url": "https://crm.example/hook"})).unwrap();
        insta::assert_snapshot!(serde_json::to_string(&settings).unwrap());
    }

    #[test]
    fn every_wrong_field_is_listed() {
        let error = parse(&json!({
            "name": "", "url": "ftp://x", "status": "on", "description": 1,
            "retry": {"schedule": [0]}, "timeout_seconds": 31, "success_codes": [301], "uri": "x",
        }))
        .unwrap_err();
        insta::assert_snapshot!(error.to_string().replace("; `", "\n`"));
    }

    #[test]
    fn what_was_read_may_be_sent_back() {
        let settings = parse(&json!({"name": "CRM", "url": "https://crm.example/hook"})).unwrap();
        let webhook = super::super::Webhook::new(settings.clone(), jiff::Timestamp::UNIX_EPOCH);
        assert_eq!(parse(&serde_json::to_value(webhook).unwrap()).unwrap(), settings);
    }

    #[test]
    fn a_patch_changes_what_it_names_and_null_resets() {
        let full = json!({
            "name": "CRM", "url": "https://crm.example/hook", "description": "d",
            "timeout_seconds": 3, "retry": {"schedule": [1]},
        });
        let patch = json!({"description": null, "timeout_seconds": null, "status": "inactive"});
        let patched = parse(&full).unwrap().patched(patch.as_object().unwrap()).unwrap();
        assert_eq!(patched.description, None);
        assert_eq!(patched.timeout_seconds, AttemptTimeout::default());
        assert_eq!(patched.status, WebhookStatus::Inactive);
        assert_eq!(patched.retry.to_json(), json!({"schedule": [1]}));
        let nameless = json!({"name": null});
        let error = parse(&full).unwrap().patched(nameless.as_object().unwrap()).unwrap_err();
        assert_eq!(error.to_string(), "`name` is required");
    }
}
