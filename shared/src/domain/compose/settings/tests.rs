use serde_json::json;

use super::*;

fn full() -> Value {
    serde_json::from_str(
        r#"{"method": "PUT", "url": "https://h.io/{{id}}", "headers": {"X-B": "1", "X-A": "2"},
            "body": {"format": "json", "template": {"z": 12345678901234567890123, "a": 1.10}}}"#,
    )
    .unwrap()
}

fn parse(value: &Value) -> Result<ComposeSettings, FieldErrors> {
    ComposeSettings::parse(value.as_object().unwrap())
}

#[test]
fn shown_settings_can_be_read_again() {
    let settings = parse(&full()).unwrap();
    assert_eq!(Value::Object(settings.to_fields()).to_string(), full().to_string());
    let least = parse(&json!({"url": "https://h.io/"})).unwrap();
    assert_eq!(least.method, Method::Post);
    let shown = Value::Object(least.to_fields()).to_string();
    assert_eq!(shown, r#"{"method":"POST","url":"https://h.io/"}"#);
}

#[test]
fn stored_settings_keep_order_and_digits() {
    let settings = parse(&full()).unwrap();
    let stored = serde_json::to_string(&settings).unwrap();
    insta::assert_snapshot!(stored);
    let read: ComposeSettings = serde_json::from_str(&stored).unwrap();
    assert_eq!(read, settings);
    let least: ComposeSettings = serde_json::from_str(r#"{"url": "https://h.io/"}"#).unwrap();
    assert_eq!(least, parse(&json!({"url": "https://h.io/"})).unwrap());
}

#[test]
fn every_wrong_field_is_named() {
    let wrong = [
        json!({}),
        json!({"method": "get", "url": 1, "headers": [], "body": "x", "other": 1}),
        json!({"url": "u", "headers": {"X-A": 1, "X-B": null}, "body": {"type": 1}}),
        json!({"url": "u", "body": {"format": "xml", "template": 1}}),
    ];
    let errors = wrong.map(|wrong| parse(&wrong).unwrap_err().to_string());
    insta::assert_snapshot!(errors.join("\n").replace("; `", "\n`"));
}

#[test]
fn a_null_template_is_a_body_and_a_null_body_is_absent() {
    let body = parse(&json!({"url": "u", "body": {"format": "json", "template": null}}));
    assert_eq!(body.unwrap().body.unwrap().template, Value::Null);
    assert_eq!(parse(&json!({"url": "u", "body": null})).unwrap().body, None);
}

#[test]
fn debug_output_holds_no_template() {
    let settings = parse(&full()).unwrap();
    let shown = format!("{settings:?}");
    assert_eq!(shown, "ComposeSettings { method: Put, body: Some(Json), .. }");
}
