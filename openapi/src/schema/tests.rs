//! Checks that the domain accepts all texts that the patterns match.

use callhook::domain::account::AccountId;
use callhook::domain::compose::is_secret_name;
use callhook::domain::delivery::DeliveryKey;
use callhook::domain::event::Event;
use callhook::domain::subscription::Identity;
use callhook::input::fields::Fields;
use proptest::prelude::*;
use proptest::string::string_regex;
use serde_json::json;

use super::*;

fn texts(pattern: &str) -> impl Strategy<Value = String> + use<> {
    string_regex(pattern.trim_start_matches('^').trim_end_matches('$')).unwrap()
}

fn assert_all_accepted(pattern: &str, max: usize, accepts: impl Fn(&str) -> bool) {
    let texts = texts(pattern).prop_filter("too long", move |text| text.chars().count() <= max);
    proptest!(|(text in texts)| prop_assert!(accepts(&text), "{text:?} of {pattern}"));
}

#[test]
fn the_domain_accepts_what_the_patterns_match() {
    assert_all_accepted(ACCOUNT_ID, AccountId::MAX_LEN, |text| text.parse::<AccountId>().is_ok());
    assert_all_accepted(DELIVERY_ID, 73, |text| text.parse::<DeliveryKey>().is_ok());
    assert_all_accepted(EVENT, MAX_EVENT, |text| text.parse::<Event>().is_ok());
    assert_all_accepted(IDENTITY, 71, |text| text.parse::<Identity>().is_ok());
    assert_all_accepted(SECRET_NAME, 64, is_secret_name);
    assert_all_accepted(NOT_BLANK, 100, |text| {
        let object = json!({ "name": text });
        Fields::new(object.as_object().unwrap()).text("name", 100).is_some()
    });
}

#[test]
fn any_schema_can_be_nullable() {
    let shown = |shape: RefOr<Schema>| serde_json::to_value(shape).unwrap();
    let choice = shown(or_null(choice(["a"])));
    assert_eq!(choice, json!({"type": ["string", "null"], "enum": ["a", null]}));
    let reference = shown(or_null(named("Webhook")));
    let either = json!([{"$ref": "#/components/schemas/Webhook"}, {"type": "null"}]);
    assert_eq!(reference, json!({ "oneOf": either }));
}
