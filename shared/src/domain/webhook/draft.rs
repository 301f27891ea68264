//! Reads a webhook from an API request.
//!
//! In: a JSON object, and for a change the current webhook. Out: a [`WebhookDraft`] that is ready to be
//! stored, or the errors of all fields and templates together.

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::{
    AbsentSecrets, VerificationToken, Webhook, WebhookSecrets, WebhookSettings, WebhookStatus,
};
use crate::domain::compose::Composer;
use crate::domain::signing::{SigningSecret, SigningSecrets};
use crate::input::fields::{FieldError, FieldErrors, Fields};

/// The checked settings and secrets of a new or changed webhook.
#[derive(Debug)]
pub struct WebhookDraft {
    /// The settings.
    pub settings: WebhookSettings,
    /// All secrets, including those that do not change.
    pub secrets: WebhookSecrets,
    /// The secrets that sign. A new webhook has the caller's own secret or a generated one.
    pub signing: SigningSecrets,
    /// The compiled templates.
    pub composer: Composer,
    /// The token of the verification request that is sent before a new webhook is stored.
    pub verification: Option<VerificationToken>,
}

/// Fields that only the server sets. They are ignored, so that a caller may send back what it read.
const SET_BY_SERVER: [&str; 10] = [
    "id",
    "version",
    "created_at",
    "updated_at",
    "warnings",
    "summary",
    "disabled_reason",
    "disabled_at",
    "signing",
    "health",
];

impl WebhookDraft {
    /// Reads a new webhook (`POST`).
    pub fn create(object: &Map<String, Value>, now: Timestamp) -> Result<Self, FieldErrors> {
        Self::read(object, None, AbsentSecrets::Remove, now)
    }

    /// Reads a replacement of `current` (`PUT`). Absent fields take their defaults, except for secrets:
    /// a caller cannot read them and send them back.
    pub fn replace(
        current: &Webhook,
        object: &Map<String, Value>,
        now: Timestamp,
    ) -> Result<Self, FieldErrors> {
        Self::read(object, Some(current), AbsentSecrets::Remove, now)
    }

    /// Reads a change of `current` (`PATCH`). Each field of `patch` replaces the current one as a
    /// whole; `null` resets it to its default. Only the named secrets change.
    pub fn patch(
        current: &Webhook,
        patch: &Map<String, Value>,
        now: Timestamp,
    ) -> Result<Self, FieldErrors> {
        let mut object = current.settings.to_fields();
        for (name, value) in patch {
            object.insert(name.clone(), value.clone());
        }
        Self::read(&object, Some(current), AbsentSecrets::Keep, now)
    }

    fn read(
        object: &Map<String, Value>,
        current: Option<&Webhook>,
        absent: AbsentSecrets,
        now: Timestamp,
    ) -> Result<Self, FieldErrors> {
        let mut fields = Fields::new(object);
        let status = current.map_or(WebhookStatus::Active, |current| current.settings.status);
        let mut settings = WebhookSettings::read(&mut fields, status);
        if let Some(settings) = &mut settings {
            let saved = current.map(|current| &current.settings.request);
            settings.request.restore_hidden(saved, &mut fields.errors);
        }
        let none = WebhookSecrets::default();
        let before = current.map_or(&none, |current| &current.secrets);
        let secrets = before.changed(&mut fields, absent, now);
        if let (Some(current), Some(settings)) = (current, &settings)
            && settings.request.has_other_origin(&current.settings.request)
        {
            // A caller who may change a webhook may not read its secrets, so may not redirect them to
            // another receiver.
            for field in secrets.missing_in(object) {
                let message = "must be given again in the request that changes scheme, host or port of `url`, or be \
                               removed with `null`";
                fields.errors.add(field, message);
            }
        }
        let signing = signing(&mut fields, current, now);
        let verification = match current {
            None => VerificationToken::read(&mut fields),
            Some(_) => None,
        };
        let composer = settings.as_ref().and_then(|settings| {
            let names = secrets.names();
            // Stricter rules of a later version must not keep an owner from pausing a saved webhook.
            let is_saved = current.is_some_and(|current| {
                current.settings.request == settings.request && current.secrets.names() == names
            });
            let compile = if is_saved { Composer::compile } else { Composer::compile_new };
            let compiled = compile(&settings.request, &names);
            compiled.map_err(|errors| fields.errors.extend(&errors)).ok()
        });
        if secrets.bearer().is_some() && composer.as_ref().is_some_and(Composer::sets_authorization)
        {
            let message = "cannot be set beside a header `Authorization` or a user in the URL";
            fields.errors.add("bearer_secret", message);
        }
        fields.ignore(&SET_BY_SERVER);
        let errors = fields.finish();
        match (settings, signing, composer) {
            (Some(settings), Some(signing), Some(composer)) => {
                errors.into_result(Self { settings, secrets, signing, composer, verification })
            }
            _ => Err(errors),
        }
    }

    /// Probable mistakes; see [`Composer::warnings`].
    pub fn warnings(&self) -> Vec<FieldError> {
        self.composer.warnings().cloned().collect()
    }
}

/// The secrets that sign. A new webhook may bring its own `secret`. An existing one changes by a
/// rotation only, so that no change replaces it by mistake; a caller may send the current one back.
fn signing(
    fields: &mut Fields<'_>,
    current: Option<&Webhook>,
    now: Timestamp,
) -> Option<SigningSecrets> {
    let Some(current) = current else {
        return SigningSecret::read_or_generate(fields)
            .map(|secret| SigningSecrets::new(secret, now));
    };
    let sent = fields.value("secret").map(|value| value.as_str().map(SigningSecret::parse));
    let is_sent_back = match sent {
        None => !fields.is_null("secret"),
        Some(sent) => matches!(sent, Some(Ok(secret)) if secret == *current.signing.current()),
    };
    if !is_sent_back {
        let message = "can only be changed by `POST /v1/webhooks/{id}/rotate-secret`";
        fields.errors.add("secret", message);
    }
    Some(current.signing.live_at(now))
}

#[cfg(test)]
mod origin_tests;
#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::webhook::{AttemptTimeout, DisabledReason};
    use serde_json::json;

    fn read(value: &Value) -> Result<WebhookDraft, FieldErrors> {
        WebhookDraft::create(value.as_object().unwrap(), Timestamp::UNIX_EPOCH)
    }

    fn webhook(value: &Value) -> Webhook {
        Webhook::new(read(value).unwrap(), Timestamp::UNIX_EPOCH)
    }

    fn patch(webhook: &Webhook, patch: &Value) -> Result<WebhookDraft, FieldErrors> {
        WebhookDraft::patch(webhook, patch.as_object().unwrap(), Timestamp::UNIX_EPOCH)
    }

    fn composed() -> Value {
        json!({
            "name": "CRM", "method": "PUT", "url": "https://crm.example/{{id}}?k=%key%",
            "headers": {"X-B": "%key%", "X-A": "{{to}}"}, "secrets": {"key": "hush"},
            "body": {"format": "json", "template": {"n": 12_345_678_901_234_567_890_u128, "s": "{{status}}"}},
        })
    }

    #[test]
    fn a_read_webhook_can_be_sent_back() {
        let plain = json!({
            "name": "CRM", "url": "https://crm.example/hook", "bearer_secret": "hush", "mask": ["to"],
        });
        for value in [plain, composed()] {
            let webhook = webhook(&value);
            let shown = webhook.to_json();
            let back =
                WebhookDraft::replace(&webhook, shown.as_object().unwrap(), Timestamp::UNIX_EPOCH)
                    .unwrap();
            assert_eq!(back.settings, webhook.settings);
            assert_eq!(back.secrets, webhook.secrets);
            assert_eq!(back.signing, webhook.signing);
        }
    }

    #[test]
    fn put_and_patch_keep_the_signing_secret() {
        let own = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
        let settings = json!({"name": "CRM", "url": "https://crm.example/", "secret": own});
        let webhook = webhook(&settings);
        assert_eq!(webhook.signing.current().reveal(), own);
        assert_eq!(patch(&webhook, &json!({"secret": own})).unwrap().signing, webhook.signing);
        let other = SigningSecret::generate().unwrap().reveal();
        for secret in [json!(other), json!(null), json!(""), json!(7)] {
            let mut changed = settings.clone();
            changed["secret"] = secret;
            let now = Timestamp::UNIX_EPOCH;
            for refused in [
                patch(&webhook, &changed),
                WebhookDraft::replace(&webhook, changed.as_object().unwrap(), now),
            ] {
                let error = refused.unwrap_err().to_string();
                let expected =
                    "`secret` can only be changed by `POST /v1/webhooks/{id}/rotate-secret`";
                assert_eq!(error, expected, "{changed}");
            }
        }
        let error = patch(&webhook, &json!({"verification": {"token": "t"}})).unwrap_err();
        assert_eq!(error.to_string(), "`verification` is not a field of this resource");
    }

    #[test]
    fn authorization_is_set_in_one_way_only() {
        let settings = json!({"name": "n", "url": "https://a.example/", "bearer_secret": "hush"});
        assert!(read(&settings).is_ok());
        for (field, value) in
            [("headers", json!({"AUTHORIZATION": "x"})), ("url", json!("https://u:p@a.example/"))]
        {
            let mut both = settings.clone();
            both[field] = value;
            let error = read(&both).unwrap_err().to_string();
            assert!(error.starts_with("`bearer_secret` cannot be set beside"), "{error}");
            both["bearer_secret"] = json!(null);
            assert!(read(&both).is_ok());
        }
    }

    #[test]
    fn a_disabled_webhook_stays_so_until_its_owner_activates_it() {
        let mut webhook = webhook(&json!({"name": "CRM", "url": "https://crm.example/hook"}));
        assert!(patch(&webhook, &json!({"status": "disabled"})).is_err(), "only Callhook disables");
        let disabled = WebhookStatus::Disabled {
            disabled_reason: DisabledReason::Failing,
            disabled_at: Timestamp::UNIX_EPOCH,
        };
        webhook.settings.status = disabled;
        let shown = webhook.to_json();
        assert_eq!(
            (&shown["status"], &shown["disabled_reason"], &shown["disabled_at"]),
            (&json!("disabled"), &json!("failing"), &json!("1970-01-01T00:00:00Z"))
        );
        let sent_back = patch(&webhook, &shown).unwrap();
        assert_eq!(sent_back.settings.status, disabled);
        let renamed = patch(&webhook, &json!({"name": "New"})).unwrap();
        assert_eq!(renamed.settings.status, disabled);
        let activated = patch(&webhook, &json!({"status": "active"})).unwrap();
        assert_eq!(activated.settings.status, WebhookStatus::Active);
        assert!(!activated.settings.to_fields().contains_key("disabled_reason"));
    }

    #[test]
    fn reads_show_names_of_secrets_and_no_value() {
        let shown = webhook(&composed()).to_json().to_string();
        assert!(shown.contains(r#""secrets":{"key":{"set_at":"#), "{shown}");
        assert!(!shown.contains("hush"), "{shown}");
        assert!(!format!("{:?}", webhook(&composed())).contains("hush"));
    }

    #[test]
    fn a_patch_changes_the_named_fields_and_null_resets_them() {
        let webhook = webhook(&json!({
            "name": "CRM", "url": "https://crm.example/hook", "description": "d",
            "timeout_seconds": 3, "retry": {"schedule": [1]},
        }));
        let change = json!({"description": null, "timeout_seconds": null, "status": "inactive"});
        let patched = patch(&webhook, &change).unwrap().settings;
        assert_eq!(patched.description, None);
        assert_eq!(patched.timeout_seconds, AttemptTimeout::default());
        assert_eq!(patched.status, WebhookStatus::Inactive);
        assert_eq!(patched.retry.to_json(), json!({"schedule": [1]}));
        let error = patch(&webhook, &json!({"name": null})).unwrap_err();
        assert_eq!(error.to_string(), "`name` is required");
    }

    #[test]
    fn a_secret_that_a_template_uses_cannot_be_removed() {
        let webhook = webhook(&composed());
        let error = patch(&webhook, &json!({"secrets": {"key": null}})).unwrap_err();
        assert!(error.to_string().contains("key"), "{error}");
        let with_templates = json!({
            "secrets": {"key": null}, "url": "https://crm.example/", "headers": null,
        });
        assert!(patch(&webhook, &with_templates).unwrap().secrets.names().is_empty());
    }

    #[test]
    fn wrong_fields_and_wrong_templates_are_listed_together() {
        let error = read(&json!({
            "name": "", "url": "https://crm.example/{{to", "status": "on", "uri": "x",
            "headers": {"Host": "x"}, "secrets": {"2": "x"},
        }))
        .unwrap_err();
        let wrong: Vec<_> = error.iter().map(|error| error.field.as_str()).collect();
        assert_eq!(wrong, ["name", "status", "secrets.2", "url", "headers.Host", "uri"]);
    }

    #[test]
    fn unknown_variables_are_warnings() {
        let draft = read(&json!({"name": "n", "url": "https://a.example/{{my_field}}"})).unwrap();
        let unknown = |it: &FieldError| it.message.contains("uses `my_field`");
        assert_eq!(draft.warnings().iter().filter(|it| unknown(it)).count(), 1);
    }

    #[test]
    fn a_webhook_saved_under_laxer_rules_can_be_paused_but_not_recomposed() {
        let mut webhook = webhook(&json!({"name": "n", "url": "https://a.example/"}));
        webhook.settings.request.url = "https://a.example/?key=%access_token%".to_owned();
        let paused = patch(&webhook, &json!({"status": "inactive"})).unwrap();
        assert_eq!(paused.settings.request.url, webhook.settings.request.url);
        let warnings = paused.warnings();
        assert!(warnings[0].message.contains("no secret `access_token`"), "{warnings:?}");
        let headers = json!({"headers": {"X-A": "1"}});
        let error = patch(&webhook, &headers).unwrap_err().to_string();
        assert!(error.contains("no secret `access_token`"), "{error}");
    }
}
