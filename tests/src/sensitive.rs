//! Notes every key, secret and phone number of the tests for the audit of the logs, in the file that
//! `CALLHOOK_SENSITIVE_FILE` names. Without the variable nothing is noted.

use std::collections::HashSet;
use std::fs::OpenOptions;
use std::io::Write as _;
use std::sync::{LazyLock, Mutex, PoisonError};

use serde_json::{Value, json};

/// Fields with a phone number.
const NUMBERS: [&str; 3] = ["from", "to", "bridge"];
/// Fields with a key or a secret.
const SECRETS: [&str; 3] = ["key", "secret", "token"];
/// Fields with an object whose values are all sensitive, and the kind of these.
const GROUPS: [(&str, &str); 2] = [("variables", "variable of a report"), ("secrets", "secret")];

/// Values that are in the file already: each is written once.
static NOTED: LazyLock<Mutex<HashSet<String>>> = LazyLock::new(Mutex::default);

/// Notes one value. The audit ignores values that are shorter than a phone number.
pub fn note(kind: &str, value: &str) {
    let Ok(file) = std::env::var("CALLHOOK_SENSITIVE_FILE") else { return };
    if !NOTED.lock().unwrap_or_else(PoisonError::into_inner).insert(value.to_owned()) {
        return;
    }
    // A single write appends the line: other tests write at the same time.
    let line = format!("{}\n", json!({"kind": kind, "value": value}));
    let opened = OpenOptions::new().create(true).append(true).open(&file);
    let written = opened.and_then(|mut file| file.write_all(line.as_bytes()));
    written.unwrap_or_else(|error| panic!("{file}: {error}"));
}

/// Notes the key in an `authorization` header.
pub fn note_header(name: &str, value: &str) {
    if name.eq_ignore_ascii_case("authorization") {
        let (_, credentials) = value.split_once(' ').unwrap_or(("", value));
        note("API key", credentials);
    }
}

/// Notes the sensitive values at any depth of a JSON body.
pub fn note_body(body: &str) {
    if let Ok(body) = serde_json::from_str(body) {
        values_in(&body, &mut |kind, value| note(kind, value));
    }
}

/// Calls `found` with the kind and the text of each sensitive value.
fn values_in(json: &Value, found: &mut impl FnMut(&str, &str)) {
    match json {
        Value::Array(items) => items.iter().for_each(|item| values_in(item, found)),
        Value::Object(fields) => {
            for (name, value) in fields {
                let text = text_of(value);
                if let Some((_, kind)) = GROUPS.iter().find(|(group, _)| group == name)
                    && let Value::Object(group) = value
                {
                    let values = group.values().filter_map(text_of);
                    values.for_each(|value| found(kind, &value));
                } else if let Some(text) = text {
                    if NUMBERS.contains(&name.as_str()) && is_number(&text) {
                        found("phone number", &text);
                    } else if SECRETS.contains(&name.as_str()) {
                        found("key or secret", &text);
                    }
                } else {
                    values_in(value, found);
                }
            }
        }
        _ => {}
    }
}

fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Whether a text is a phone number. Ranges of time have fields `from` and `to` as well.
fn is_number(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    digits >= 7
        && text.chars().all(|c| c.is_ascii_digit() || matches!(c, '+' | ' ' | '-' | '(' | ')'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_keys_secrets_and_numbers_are_found() {
        let body = json!({
            "reports": [{"from": 918_867_130_000_u64, "to": "+91 88671", "status": "ANSWER",
                "bridge": "911234567890", "variables": {"otp": "482913"}}],
            "key": "chk_0123456789ab_x", "secrets": {"token": "s3cret"}, "secret": "whsec_x",
            "range": {"from": "2021-04-09 00:00:00", "to": "2021-04-10T00:00:00Z"}, "id": "x",
        });
        let mut found = Vec::new();
        values_in(&body, &mut |kind, value| found.push((kind.to_owned(), value.to_owned())));
        let found: Vec<_> = found.iter().map(|(kind, value)| (&**kind, &**value)).collect();
        assert_eq!(
            found,
            [
                ("phone number", "918867130000"),
                ("phone number", "+91 88671"),
                ("phone number", "911234567890"),
                ("variable of a report", "482913"),
                ("key or secret", "chk_0123456789ab_x"),
                ("secret", "s3cret"),
                ("key or secret", "whsec_x"),
            ]
        );
    }
}
