//! Error details for reports without call fields: the fields they have, and a suggestion.

use std::fmt::Write as _;

use callhook::domain::report::{NUMBER_OR_TEXT, Report, TEXT};
use serde_json::Value;

/// Field names under which callers wrap reports.
const WRAPPERS: [&str; 14] = [
    "body", "call", "calls", "cdr", "cdrs", "data", "items", "message", "payload", "record",
    "records", "report", "reports", "results",
];
/// The most field names in a detail.
const MAX_NAMES: usize = 5;
/// The longest field name in a detail, in bytes.
const MAX_NAME: usize = 40;
/// The most digits in such a name; one with more may be a phone number.
const MAX_DIGITS: usize = 4;

/// The error detail for a report that has none of the documented fields.
pub(crate) fn no_call_fields(report: &Report) -> String {
    let mut detail = String::from("The report has none of the documented fields");
    let names: Vec<&str> = report.fields().keys().map(String::as_str).collect();
    let shown: Vec<_> = names.iter().filter(|name| is_shown(name)).take(MAX_NAMES).collect();
    if names.is_empty() {
        detail.push_str(": it is empty");
    } else if shown.is_empty() {
        detail.push_str(" with a value");
    } else {
        let quoted: Vec<_> = shown.iter().map(|name| format!("`{name}`")).collect();
        let more = if shown.len() < names.len() { " and others" } else { "" };
        // Writing to a `String` cannot fail.
        let _ = write!(detail, ", only {}{more}", quoted.join(", "));
    }
    match suggestion(report) {
        Some(Suggestion::List(name)) => {
            let _ = write!(detail, "; did you mean to send the list in `{name}` itself?");
        }
        Some(Suggestion::Object(name)) => {
            let _ = write!(detail, "; did you mean to send the object in `{name}` itself?");
        }
        Some(Suggestion::Field(name, field)) => {
            let _ = write!(detail, "; did you mean `{field}` by `{name}`?");
        }
        None => {
            let fields: Vec<_> =
                NUMBER_OR_TEXT.into_iter().chain(TEXT).map(|field| format!("`{field}`")).collect();
            let _ = write!(detail, "; send at least one of {}.", fields.join(", "));
        }
    }
    detail
}

enum Suggestion<'r> {
    List(&'r str),
    Object(&'r str),
    Field(&'r str, &'static str),
}

fn suggestion(report: &Report) -> Option<Suggestion<'_>> {
    report.fields().iter().find_map(|(name, value)| {
        if WRAPPERS.contains(&name.as_str()) {
            match value {
                Value::Array(_) => return Some(Suggestion::List(name)),
                Value::Object(_) => return Some(Suggestion::Object(name)),
                _ => {}
            }
        }
        let fields = || NUMBER_OR_TEXT.into_iter().chain(TEXT);
        let field = fields().find(|field| *field != name && is_spelling_of(name, field))?;
        Some(Suggestion::Field(name, field))
    })
}

fn is_shown(name: &str) -> bool {
    let is_plain = name.chars().all(|c| c.is_alphanumeric() || "_-. ".contains(c));
    let digits = name.chars().filter(|c| c.is_numeric()).count();
    is_plain && (1..=MAX_NAME).contains(&name.len()) && digits <= MAX_DIGITS
}

/// Whether `name` is `field` but for case and separators: `startAt`, `Start-At`.
fn is_spelling_of(name: &str, field: &str) -> bool {
    let letters = |text: &str| -> String {
        let letters = text.chars().take(MAX_NAME).filter(char::is_ascii_alphanumeric);
        letters.map(|c| c.to_ascii_lowercase()).collect()
    };
    name.len() <= MAX_NAME && letters(name) == letters(field)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hint_of(json: &str) -> String {
        let report = Report::parse(json).unwrap();
        assert!(!report.has_call_fields(), "{json}");
        no_call_fields(&report)
    }

    #[test]
    fn the_hint_quotes_fields_and_suggests_a_correction() {
        for (json, expected) in [
            ("{}", "fields: it is empty; send at least one of `bridge`, `from`, `to`,"),
            (
                r#"{"reports": [{"to": 1}]}"#,
                "only `reports`; did you mean to send the list in `reports` itself?",
            ),
            (
                r#"{"data": {"to": 1}}"#,
                "only `data`; did you mean to send the object in `data` itself?",
            ),
            (r#"{"x": 1, "records": []}"#, "only `x`, `records`; did you mean to send the list in"),
            (r#"{"To": 1, "EndAt": "x"}"#, "only `To`, `EndAt`; did you mean `to` by `To`?"),
            (r#"{"startAt": "x"}"#, "did you mean `start_at` by `startAt`?"),
            (r#"{"to": null}"#, "only `to`; send at least one of"),
            (
                r#"{"webhook_id": "01890a5d-ac96-774b-bcce-b302099a8057"}"#,
                "only `webhook_id`; send at",
            ),
            (
                r#"{"event": "voice:message:in", "dtmf": "1"}"#,
                "only `event`, `dtmf`; send at least",
            ),
            (r#"{"a":1,"b":1,"c":1,"d":1,"e":1,"f":1}"#, "`e` and others; send at least"),
            (r#"{"918867130000": 1}"#, "documented fields with a value; send at least"),
        ] {
            let hint = hint_of(json);
            assert!(hint.contains(expected), "{json}: {hint}");
            assert!(!hint.contains("918867130000"), "{hint}");
        }
        let long = format!(r#"{{"{}": 1}}"#, "x".repeat(60_000));
        assert!(hint_of(&long).len() < 400);
    }
}
