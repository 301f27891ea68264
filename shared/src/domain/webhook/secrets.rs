//! The secrets that a webhook's requests contain: values for `%name%` in templates, and the bearer secret.
//!
//! In: the fields `secrets` and `bearer_secret` of an API request. Out: [`WebhookSecrets`], and the
//! same fields for reads, which show names and times, never values.

mod bearer;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use jiff::Timestamp;
use serde_json::{Map, Value};

pub use self::bearer::{BearerSecret, InvalidBearerSecret};
use crate::domain::compose::is_secret_name;
use crate::domain::redaction::HIDDEN;
use crate::input::fields::{FieldErrors, Fields, kind_of};

/// A secret. `Debug` prints `•••`.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret {
    value: String,
    set_at: Timestamp,
}

impl Secret {
    /// A secret with the time at which it was set.
    pub fn new(value: String, set_at: Timestamp) -> Self {
        Self { value, set_at }
    }

    /// The value, for a store and for the request that is sent.
    pub fn reveal(&self) -> &str {
        &self.value
    }

    /// The time at which it was set.
    pub fn set_at(&self) -> Timestamp {
        self.set_at
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(HIDDEN)
    }
}

/// All secrets that a webhook's requests contain.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WebhookSecrets {
    named: BTreeMap<String, Secret>,
    bearer: Option<BearerSecret>,
}

/// The effect of a request on secrets that it does not name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AbsentSecrets {
    /// They stay (`PATCH`).
    Keep,
    /// They are removed, unless the request has no field `secrets` (`PUT`): a caller who sends back
    /// what it read must not remove values that it could not read.
    Remove,
}

impl WebhookSecrets {
    /// The most secrets of a webhook.
    pub const MAX: usize = 50;
    /// All values together, in bytes: DynamoDB stores 400 KB per webhook, including its templates.
    pub const MAX_BYTES: usize = 64 * 1024;
    /// The longest value, in bytes.
    pub const MAX_VALUE: usize = 4 * 1024;

    /// Secrets from a store.
    pub fn stored(named: BTreeMap<String, Secret>, bearer: Option<BearerSecret>) -> Self {
        Self { named, bearer }
    }

    /// The names.
    pub fn names(&self) -> BTreeSet<String> {
        self.named.keys().cloned().collect()
    }

    /// The value of the secret `name`.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.named.get(name).map(Secret::reveal)
    }

    /// Names and secrets, for a store.
    pub fn named(&self) -> impl Iterator<Item = (&String, &Secret)> {
        self.named.iter()
    }

    /// The secret that is sent as `Authorization: Bearer …`.
    pub fn bearer(&self) -> Option<&BearerSecret> {
        self.bearer.as_ref()
    }

    /// The length of all values, in bytes.
    pub(super) fn bytes(&self) -> usize {
        self.all().map(|secret| secret.reveal().len()).sum()
    }

    /// Named secrets and the bearer secret.
    pub(super) fn all(&self) -> impl Iterator<Item = &Secret> {
        self.named.values().chain(self.bearer.as_ref().map(BearerSecret::secret))
    }

    /// The fields for reads: `secrets` by name, `bearer_secret` if set, each with the time at which it
    /// was set.
    pub fn to_fields(&self) -> Map<String, Value> {
        let shown = |(name, secret): (&String, &Secret)| {
            (name.clone(), serde_json::json!({ "set_at": secret.set_at }))
        };
        let named = Value::Object(self.named.iter().map(shown).collect());
        let bearer = self.bearer.iter().map(|bearer| {
            let set_at = bearer.secret().set_at();
            ("bearer_secret".to_owned(), serde_json::json!({ "set_at": set_at }))
        });
        Some(("secrets".to_owned(), named)).into_iter().chain(bearer).collect()
    }

    /// Applies the fields `secrets` (values by name) and `bearer_secret` of a request. `null` removes a
    /// secret, and the form that reads show (`{"set_at": …}`) keeps it. Adds errors to `fields`.
    #[must_use]
    pub fn changed(&self, fields: &mut Fields<'_>, absent: AbsentSecrets, now: Timestamp) -> Self {
        let bearer = BearerSecret::changed(self.bearer.as_ref(), fields, now);
        Self { bearer, ..self.named_changed(fields, absent, now) }
    }

    /// The paths of the secrets whose values are not in `request`.
    pub(super) fn missing_in(&self, request: &Map<String, Value>) -> Vec<String> {
        let values = request.get("secrets").and_then(Value::as_object);
        let is_given = |name: &str| {
            values.is_some_and(|values| values.get(name).is_some_and(Value::is_string))
        };
        let named = self.named.keys().filter(|name| !is_given(name));
        let named = named.map(|name| format!("secrets.{name}"));
        let bearer = "bearer_secret";
        let is_kept = self.bearer.is_some() && !request.get(bearer).is_some_and(Value::is_string);
        named.chain(is_kept.then(|| bearer.to_owned())).collect()
    }

    /// Reads the field `secrets`.
    fn named_changed(
        &self,
        fields: &mut Fields<'_>,
        absent: AbsentSecrets,
        now: Timestamp,
    ) -> Self {
        let Some(value) = fields.value("secrets") else {
            return if fields.is_null("secrets") { Self::default() } else { self.clone() };
        };
        let Some(object) = value.as_object() else {
            let kind = kind_of(value);
            fields.errors.add("secrets", format_args!("must be an object, not {kind}"));
            return self.clone();
        };
        let mut secrets = match absent {
            AbsentSecrets::Keep => self.clone(),
            AbsentSecrets::Remove => Self::default(),
        };
        secrets.apply(self, object, now, &mut fields.errors);
        let bytes: usize = secrets.named.values().map(|secret| secret.value.len()).sum();
        if secrets.named.len() > Self::MAX || bytes > Self::MAX_BYTES {
            let (max, bytes) = (Self::MAX, Self::MAX_BYTES);
            let message = format!("may hold at most {max} secrets of {bytes} bytes in all");
            fields.errors.add("secrets", message);
        }
        secrets
    }

    fn apply(
        &mut self,
        before: &Self,
        object: &Map<String, Value>,
        now: Timestamp,
        errors: &mut FieldErrors,
    ) {
        for (name, value) in object {
            if !is_secret_name(name) {
                let clipped: String = name.chars().take(64).collect();
                errors.add(
                    format!("secrets.{clipped}"),
                    "must be named with a letter or `_`, then letters, digits, `_` or `-`; at \
                     most 64 characters",
                );
                continue;
            }
            match (value, before.named.get(name)) {
                (Value::Null, _) => {
                    self.named.remove(name);
                }
                (Value::String(text), _) if is_secret_value(text) => {
                    let unchanged = before.named.get(name).filter(|known| known.value == *text);
                    let secret = unchanged.cloned();
                    let secret = secret.unwrap_or_else(|| Secret::new(text.clone(), now));
                    self.named.insert(name.clone(), secret);
                }
                (Value::Object(shown), Some(known)) if is_read_form(shown) => {
                    self.named.insert(name.clone(), known.clone());
                }
                // The message does not repeat the value: it may be a secret.
                _ => errors.add(
                    format!("secrets.{name}"),
                    "must be a string of 1 to 4096 bytes without control characters, or null",
                ),
            }
        }
    }
}

/// Whether `shown` is the form that reads show. Any other object, such as `{"value": …}`, is an error:
/// ignoring it would look like a change.
fn is_read_form(shown: &Map<String, Value>) -> bool {
    shown.len() == 1 && shown.contains_key("set_at")
}

fn is_secret_value(text: &str) -> bool {
    (1..=WebhookSecrets::MAX_VALUE).contains(&text.len()) && !text.chars().any(char::is_control)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn change(
        secrets: &WebhookSecrets,
        request: &Value,
        absent: AbsentSecrets,
        now: i64,
    ) -> Result<WebhookSecrets, FieldErrors> {
        let mut fields = Fields::new(request.as_object().unwrap());
        let changed = secrets.changed(&mut fields, absent, at(now));
        fields.finish().into_result(changed)
    }

    fn set(request: &Value) -> WebhookSecrets {
        change(&WebhookSecrets::default(), request, AbsentSecrets::Remove, 1).unwrap()
    }

    #[test]
    fn a_patch_adds_replaces_and_removes_single_secrets() {
        let secrets = set(&json!({"secrets": {"a": "1", "b": "2", "c": "3"}}));
        let patch = json!({"secrets": {"a": "new", "b": null, "d": "4"}});
        let patched = change(&secrets, &patch, AbsentSecrets::Keep, 2).unwrap();
        assert_eq!(patched.value("a"), Some("new"));
        assert_eq!(patched.value("b"), None);
        assert_eq!(
            patched.to_fields()["secrets"],
            json!({
                "a": {"set_at": at(2)}, "c": {"set_at": at(1)}, "d": {"set_at": at(2)},
            })
        );
    }

    #[test]
    fn a_replacement_keeps_secrets_in_their_read_form() {
        let secrets = set(&json!({"secrets": {"a": "1", "b": "2"}}));
        let read = json!({"secrets": secrets.to_fields()["secrets"]});
        assert_eq!(change(&secrets, &read, AbsentSecrets::Remove, 2).unwrap(), secrets);
        assert_eq!(change(&secrets, &json!({}), AbsentSecrets::Remove, 2).unwrap(), secrets);
        let only_a = json!({"secrets": {"a": {"set_at": at(1)}}});
        assert_eq!(
            change(&secrets, &only_a, AbsentSecrets::Remove, 2).unwrap().names(),
            ["a".into()].into()
        );
    }

    #[test]
    fn secrets_of_the_wrong_form_or_size_are_refused() {
        let secrets = set(&json!({"secrets": {"a": "1"}}));
        let typo = json!({"secrets": {"a": {"value": "new"}}});
        assert!(change(&secrets, &typo, AbsentSecrets::Keep, 2).is_err());
        let none = json!({ "secrets": null });
        assert!(change(&secrets, &none, AbsentSecrets::Keep, 2).unwrap().names().is_empty());
        let all: Map<_, _> = (0..17).map(|i| (format!("s{i}"), json!("x".repeat(4_096)))).collect();
        let error =
            change(&secrets, &json!({ "secrets": all }), AbsentSecrets::Keep, 2).unwrap_err();
        assert!(error.to_string().contains("65536 bytes in all"), "{error}");
    }

    #[test]
    fn wrong_secrets_are_refused_and_not_repeated() {
        let request = json!({"secrets": {
            "2a": "x", "a": "", "b": 7, "c": "hush\n", "d": {"set_at": at(1)}, "e": "x".repeat(4097),
        }});
        let error =
            change(&WebhookSecrets::default(), &request, AbsentSecrets::Remove, 1).unwrap_err();
        let wrong: Vec<_> = error.iter().map(|error| error.field.as_str()).collect();
        let expected =
            ["secrets.2a", "secrets.a", "secrets.b", "secrets.c", "secrets.d", "secrets.e"];
        assert_eq!(wrong, expected);
        assert!(!error.to_string().contains("hush"), "{error}");
    }

    #[test]
    fn a_secret_does_not_print() {
        let secrets = set(&json!({"secrets": {"token": "hush"}}));
        assert!(!format!("{secrets:?}").contains("hush"), "{secrets:?}");
        assert!(!secrets.to_fields()["secrets"].to_string().contains("hush"));
    }
}
