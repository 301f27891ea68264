//! Responses without the secrets that a receiver repeats in them.

use std::collections::BTreeSet;
use std::ops::Range;

use bytes::Bytes;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

use super::{Secret, WebhookSecrets};
use crate::compose::HIDDEN;
use crate::delivery::Attempt;

/// What stands for itself in a URL (RFC 3986, unreserved).
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

impl WebhookSecrets {
    /// The beginning of a response's body with `•••` for every secret in it.
    pub fn hidden_in(&self, body: Bytes) -> Bytes {
        if self.all().next().is_none() || body.is_empty() {
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
        self.all().flat_map(forms).filter(|form| !form.is_empty()).collect()
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fields::Fields;
    use crate::webhook::Unnamed;
    use jiff::Timestamp;
    use serde_json::{Map, json};

    fn set(request: &Value) -> WebhookSecrets {
        let mut fields = Fields::new(request.as_object().unwrap());
        let none = WebhookSecrets::default();
        let secrets = none.changed(&mut fields, Unnamed::Goes, Timestamp::UNIX_EPOCH);
        fields.finish().into_result(secrets).unwrap()
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
    fn the_bearer_secret_is_hidden_as_well() {
        let secrets = set(&json!({"bearer_secret": "hush"}));
        let body = Bytes::from_static(b"authorization: Bearer hush");
        assert_eq!(secrets.hidden_in(body), "authorization: Bearer •••".as_bytes());
    }
}
