//! Checks that errors of invalid reports quote no value, because responses and logs show them.

#![allow(clippy::unwrap_used, reason = "the helpers of a test fail it")]

use callhook::domain::report::Report;
use proptest::prelude::*;
use serde_json::{Value, json};

const FIELDS: [&str; 14] = [
    "from",
    "to",
    "bridge",
    "id",
    "mid",
    "flow_id",
    "duration",
    "status",
    "start_at",
    "end_at",
    "event",
    "webhook_id",
    "webhook_ids",
    "recording_url",
];

/// Values with a number that may be invalid for their field.
fn invalid(number: &str) -> Vec<Value> {
    vec![
        json!({ "number": number }),
        json!([number]),
        json!([[number]]),
        json!(number),
        json!(format!("{number} and more")),
        json!(number.parse::<u64>().unwrap()),
    ]
}

proptest! {
    #[test]
    fn an_error_quotes_no_number(number in "[1-9][0-9]{9,14}", field in prop::sample::select(&FIELDS[..])) {
        for value in invalid(&number) {
            let report = json!({ (field): value }).to_string();
            for text in [report.clone(), report.replace('}', ""), format!("[{report}]")] {
                if let Err(error) = Report::parse(&text) {
                    prop_assert!(!error.to_string().contains(&number), "{error}");
                    prop_assert!(!format!("{error:?}").contains(&number), "{error:?}");
                }
            }
        }
    }
}

#[test]
fn some_of_the_values_are_refused() {
    let is_refused = |value: Value| Report::parse(&json!({"from": value}).to_string()).is_err();
    assert!(invalid("918867130000").into_iter().any(is_refused));
}
