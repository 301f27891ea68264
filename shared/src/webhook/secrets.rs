//! The secrets of a webhook: values for `%name%` in its templates, written and never read back.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::ops::Range;

use bytes::Bytes;
use jiff::Timestamp;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value};

use crate::compose::{HIDDEN, is_secret_name};
use crate::delivery::Attempt;
use crate::fields::{FieldErrors, Fields, kind_of};

/// What stands for itself in a URL (RFC 3986, unreserved).
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// One secret. It prints as `•••`.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret {
    value: String,
    set_at: Timestamp,
}

impl Secret {
    /// A secret as a store holds it.
    pub fn new(value: String, set_at: Timestamp) -> Self {
        Self { value, set_at }
    }

    /// The value, for a store and for the request that is sent.
    pub fn reveal(&self) -> &str {
        &self.value
    }

    /// When it was set.
    pub fn set_at(&self) -> Timestamp {
        self.set_at
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("•••")
    }
}

/// All secrets of a webhook, by name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WebhookSecrets(BTreeMap<String, Secret>);

/// What a request without a secret's name does to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unnamed {
    /// It stays (`PATCH`).
    Stays,
    /// It goes, unless the request says nothing of secrets at all (`PUT`): a client that sends
    /// back what it read must not lose what it could not read.
    Goes,
}

impl WebhookSecrets {
    /// The most secrets of a webhook.
    pub const MAX: usize = 50;
    /// All values together, in bytes: DynamoDB stores 400 KB a webhook, templates included.
    const MAX_BYTES: usize = 64 * 1024;
    /// The longest value, in bytes.
    pub const MAX_VALUE: usize = 4 * 1024;

    /// The names.
    pub fn names(&self) -> BTreeSet<String> {
        self.0.keys().cloned().collect()
    }

    /// The value of a name.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(Secret::reveal)
    }

    /// Names and secrets, for a store.
    pub fn iter(&self) -> impl Iterator<Item = (&String, &Secret)> {
        self.0.iter()
    }

    /// The beginning of a response's body with `•••` for every secret in it.
    pub fn hidden_in(&self, body: Bytes) -> Bytes {
        if self.0.is_empty() || body.is_empty() {
            return body;
        }
        let is_cut = body.len() >= Attempt::MAX_BODY;
        let text = String::from_utf8_lossy(&body);
        // What is left of a character that was cut.
        let whole = if is_cut { text.trim_end_matches('\u{FFFD}') } else { &text };
        let mut shown = self.redacted(whole, is_cut);
        if shown == whole {
            return body;
        }
        shown.truncate(shown.floor_char_boundary(Attempt::MAX_BODY));
        shown.into()
    }

    /// `text` with `•••` for every secret in it, as it is, percent-encoded or in JSON: what a
    /// receiver answers may repeat what it got. `is_cut` says that the end of the text is
    /// missing, and so may be the end of a secret.
    fn redacted(&self, text: &str, is_cut: bool) -> String {
        // All are looked for in the text as it came: a secret may be a part of `•••`, and what
        // stands for one must not be taken for another.
        let mut found: Vec<Range<usize>> = Vec::new();
        for form in self.forms() {
            found.extend(occurrences(text, &form));
            found.extend(if is_cut { beginning_at_end(text, &form) } else { None });
        }
        found.sort_unstable_by_key(|range| range.start);
        let mut shown = String::with_capacity(text.len());
        let mut end = 0;
        for range in found {
            if range.start >= end {
                shown.push_str(text.get(end..range.start).unwrap_or_default());
                shown.push_str(HIDDEN);
            }
            end = end.max(range.end);
        }
        shown.push_str(text.get(end..).unwrap_or_default());
        shown
    }

    /// What the secrets look like where a receiver may repeat them, each once.
    fn forms(&self) -> BTreeSet<String> {
        let forms = |secret: &Secret| {
            let value = secret.reveal();
            let percent = utf8_percent_encode(value, UNRESERVED).to_string();
            let json = Value::from(value).to_string();
            let json = json.strip_prefix('"').and_then(|json| json.strip_suffix('"'));
            [value.to_owned(), percent, json.unwrap_or(value).to_owned()]
        };
        self.0.values().flat_map(forms).filter(|form| !form.is_empty()).collect()
    }

    /// What a read shows: names, and when each was set.
    pub fn to_json(&self) -> Value {
        let shown = |(name, secret): (&String, &Secret)| {
            (name.clone(), serde_json::json!({ "set_at": secret.set_at }))
        };
        Value::Object(self.0.iter().map(shown).collect())
    }

    /// Reads the field `secrets` of a request: values by name; `null` removes one, and the form
    /// that reads show (`{"set_at": …}`) leaves it as it is. Errors are noted in `fields`.
    #[must_use]
    pub fn changed(&self, fields: &mut Fields<'_>, unnamed: Unnamed, now: Timestamp) -> Self {
        let Some(value) = fields.value("secrets") else {
            return if fields.is_null("secrets") { Self::default() } else { self.clone() };
        };
        let Some(object) = value.as_object() else {
            let kind = kind_of(value);
            fields.errors.add("secrets", format_args!("must be an object, not {kind}"));
            return self.clone();
        };
        let mut secrets = match unnamed {
            Unnamed::Stays => self.clone(),
            Unnamed::Goes => Self::default(),
        };
        secrets.apply(self, object, now, &mut fields.errors);
        let bytes: usize = secrets.0.values().map(|secret| secret.value.len()).sum();
        if secrets.0.len() > Self::MAX || bytes > Self::MAX_BYTES {
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
            match (value, before.0.get(name)) {
                (Value::Null, _) => {
                    self.0.remove(name);
                }
                (Value::String(text), _) if is_secret_value(text) => {
                    let unchanged = before.0.get(name).filter(|known| known.value == *text);
                    let secret = unchanged.cloned();
                    let secret = secret.unwrap_or_else(|| Secret::new(text.clone(), now));
                    self.0.insert(name.clone(), secret);
                }
                (Value::Object(shown), Some(known)) if is_as_read(shown) => {
                    self.0.insert(name.clone(), known.clone());
                }
                // The value is not repeated: it may be a secret all the same.
                _ => errors.add(
                    format!("secrets.{name}"),
                    "must be a string of 1 to 4096 bytes without control characters, or null",
                ),
            }
        }
    }
}

/// Whether it is what reads show of a secret. Anything else, such as `{"value": …}`, is a mistake
/// and must not pass for a secret that was changed.
fn is_as_read(shown: &Map<String, Value>) -> bool {
    shown.len() == 1 && shown.contains_key("set_at")
}

/// Where `form` is in `text`; the places may overlap.
fn occurrences(text: &str, form: &str) -> impl Iterator<Item = Range<usize>> {
    let last = text.len().checked_sub(form.len());
    let starts = last.into_iter().flat_map(|last| 0..=last);
    starts
        .filter(|start| {
            text.as_bytes().get(*start..).is_some_and(|rest| rest.starts_with(form.as_bytes()))
        })
        .map(|start| start..start + form.len())
}

/// The end of `text` if it is how `form` begins, as long as possible.
fn beginning_at_end(text: &str, form: &str) -> Option<Range<usize>> {
    let ends = (1..form.len().min(text.len() + 1)).rev();
    let mut begun = ends.filter_map(|end| form.get(..end));
    let begun = begun.find(|beginning| text.ends_with(beginning))?;
    Some(text.len() - begun.len()..text.len())
}

fn is_secret_value(text: &str) -> bool {
    (1..=WebhookSecrets::MAX_VALUE).contains(&text.len()) && !text.chars().any(char::is_control)
}

impl FromIterator<(String, Secret)> for WebhookSecrets {
    fn from_iter<I: IntoIterator<Item = (String, Secret)>>(secrets: I) -> Self {
        Self(secrets.into_iter().collect())
    }
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
        unnamed: Unnamed,
        now: i64,
    ) -> Result<WebhookSecrets, FieldErrors> {
        let mut fields = Fields::new(request.as_object().unwrap());
        let changed = secrets.changed(&mut fields, unnamed, at(now));
        fields.finish().into_result(changed)
    }

    fn set(request: &Value) -> WebhookSecrets {
        change(&WebhookSecrets::default(), request, Unnamed::Goes, 1).unwrap()
    }

    #[test]
    fn a_patch_adds_replaces_and_removes_single_ones() {
        let secrets = set(&json!({"secrets": {"a": "1", "b": "2", "c": "3"}}));
        let patch = json!({"secrets": {"a": "new", "b": null, "d": "4"}});
        let patched = change(&secrets, &patch, Unnamed::Stays, 2).unwrap();
        assert_eq!(patched.value("a"), Some("new"));
        assert_eq!(patched.value("b"), None);
        assert_eq!(
            patched.to_json(),
            json!({
                "a": {"set_at": at(2)}, "c": {"set_at": at(1)}, "d": {"set_at": at(2)},
            })
        );
    }

    #[test]
    fn a_replacement_leaves_what_is_sent_back_as_it_was_read() {
        let secrets = set(&json!({"secrets": {"a": "1", "b": "2"}}));
        let read = json!({"secrets": secrets.to_json()});
        assert_eq!(change(&secrets, &read, Unnamed::Goes, 2).unwrap(), secrets);
        assert_eq!(change(&secrets, &json!({}), Unnamed::Goes, 2).unwrap(), secrets);
        let only_a = json!({"secrets": {"a": {"set_at": at(1)}}});
        assert_eq!(
            change(&secrets, &only_a, Unnamed::Goes, 2).unwrap().names(),
            ["a".into()].into()
        );
    }

    #[test]
    fn what_is_no_secret_does_not_pass_for_one() {
        let secrets = set(&json!({"secrets": {"a": "1"}}));
        let typo = json!({"secrets": {"a": {"value": "new"}}});
        assert!(change(&secrets, &typo, Unnamed::Stays, 2).is_err());
        let none = json!({ "secrets": null });
        assert!(change(&secrets, &none, Unnamed::Stays, 2).unwrap().names().is_empty());
        let all: Map<_, _> = (0..17).map(|i| (format!("s{i}"), json!("x".repeat(4_096)))).collect();
        let error = change(&secrets, &json!({ "secrets": all }), Unnamed::Stays, 2).unwrap_err();
        assert!(error.to_string().contains("65536 bytes in all"), "{error}");
    }

    #[test]
    fn wrong_secrets_are_refused_and_not_repeated() {
        let request = json!({"secrets": {
            "2a": "x", "a": "", "b": 7, "c": "hush\n", "d": {"set_at": at(1)}, "e": "x".repeat(4097),
        }});
        let error = change(&WebhookSecrets::default(), &request, Unnamed::Goes, 1).unwrap_err();
        let wrong: Vec<_> = error.iter().map(|error| error.field.as_str()).collect();
        let expected =
            ["secrets.2a", "secrets.a", "secrets.b", "secrets.c", "secrets.d", "secrets.e"];
        assert_eq!(wrong, expected);
        assert!(!error.to_string().contains("hush"), "{error}");
    }

    #[test]
    fn an_answer_that_repeats_a_secret_is_shown_without() {
        let secrets = set(&json!({"secrets": {"a": "s3/cr\"et", "b": "abcdef"}}));
        let echo = r#"k=s3%2Fcr%22et {"a":"s3/cr\"et"} s3/cr"et abcdef abc"#;
        assert_eq!(secrets.redacted(echo, false), r#"k=••• {"a":"•••"} ••• ••• abc"#);
        assert_eq!(secrets.redacted(echo, true), r#"k=••• {"a":"•••"} ••• ••• •••"#);
    }

    #[test]
    fn a_secret_that_is_a_part_of_what_hides_it_changes_nothing_else() {
        let values = json!({"a": "•", "b": "••", "c": "•", "d": "••", "e": "•"});
        let secrets = set(&json!({ "secrets": values }));
        assert_eq!(secrets.redacted("x • y", false), "x ••• y");
        assert_eq!(secrets.redacted("x •• y •", true), "x ••• y •••");
        let body = Bytes::from("•".repeat(Attempt::MAX_BODY / "•".len()));
        assert!(secrets.hidden_in(body).len() <= Attempt::MAX_BODY);
    }

    #[test]
    fn secrets_that_overlap_are_hidden_together() {
        let secrets = set(&json!({"secrets": {"a": "abcab", "b": "bcde", "c": "quote\""}}));
        assert_eq!(secrets.redacted("1 abcabcab 2", false), "1 ••• 2");
        assert_eq!(secrets.redacted("1 abcabcde 2", false), "1 ••• 2");
        assert_eq!(secrets.redacted(r#"{"q":"quote\""}"#, false), r#"{"q":"•••"}"#);
        // Of all forms the one that began first, although another fits the very end.
        assert_eq!(secrets.redacted("1 abca", true), "1 •••");
        assert_eq!(secrets.redacted("1 abc", true), "1 •••");
    }

    #[test]
    fn as_many_secrets_as_there_may_be_are_hidden_at_once() {
        let all: Map<_, _> =
            (0..50).map(|i| (format!("s{i}"), json!("a".repeat(1_200 + i)))).collect();
        let secrets = set(&json!({ "secrets": all }));
        assert_eq!(secrets.redacted(&"a".repeat(4_096), true), HIDDEN);
    }

    #[test]
    fn the_body_of_an_answer_hides_secrets_whatever_it_is() {
        let secrets = set(&json!({"secrets": {"a": "s3cret", "b": "gehüim"}}));
        let hidden = |body: &[u8]| secrets.hidden_in(Bytes::copy_from_slice(body));
        assert_eq!(hidden(b"\xff\x00plain"), b"\xff\x00plain"[..], "no secret, no change");
        assert_eq!(hidden(b"\xffs3cret"), "\u{FFFD}•••".as_bytes());
        let mut cut = vec![b'x'; Attempt::MAX_BODY - 4];
        cut.extend(&"gehü".as_bytes()[..4]);
        let shown = hidden(&cut);
        assert!(shown.ends_with("x•".as_bytes()) || shown.ends_with("•".as_bytes()), "{shown:?}");
        assert!(!shown.windows(3).any(|part| part == b"geh") && shown.len() <= Attempt::MAX_BODY);
    }

    #[test]
    fn a_secret_does_not_print() {
        let secrets = set(&json!({"secrets": {"token": "hush"}}));
        assert!(!format!("{secrets:?}").contains("hush"), "{secrets:?}");
        assert!(!secrets.to_json().to_string().contains("hush"));
    }
}
