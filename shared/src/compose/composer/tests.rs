use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Map, Value, json};

use super::*;
use crate::report::{Mask, Report};

const VECTORS: &str = include_str!("../../../../tests/vectors/compose.json");

fn settings(fields: &Value) -> Result<ComposeSettings, FieldErrors> {
    let mut object = Map::from_iter([("url".to_owned(), json!("https://www.domain.com/j"))]);
    for name in ["method", "url", "headers", "body"] {
        if let Some(value) = fields.get(name) {
            object.insert(name.to_owned(), value.clone());
        }
    }
    ComposeSettings::parse(&object)
}

fn secrets_of(fields: &Value) -> BTreeMap<String, String> {
    let secrets = fields.get("secrets").cloned().unwrap_or(json!({}));
    serde_json::from_value(secrets).unwrap()
}

fn compiled(fields: &Value) -> Result<Composer, FieldErrors> {
    let names: BTreeSet<String> = secrets_of(fields).into_keys().collect();
    Composer::compile(&settings(fields)?, &names)
}

fn report() -> Report {
    let vectors: Value = serde_json::from_str(VECTORS).unwrap();
    Report::parse(&vectors["report"].to_string()).unwrap()
}

fn variables(report: &Report) -> Variables<'_> {
    Variables {
        report,
        report_id: "01890a5d-ac96-874b-bcce-b302099a8058".parse().unwrap(),
        webhook_id: "01890a5d-ac96-774b-bcce-b302099a8057".parse().unwrap(),
        now: Timestamp::from_second(1_617_965_859).unwrap(),
        zone: TimeZone::UTC,
        mask: Mask::default(),
    }
}

fn rendered(fields: &Value, report: &Report) -> Result<ComposedRequest, RenderError> {
    let secrets = secrets_of(fields);
    let value_of = |name: &str| secrets.get(name).map(String::as_str);
    let composer = compiled(fields).unwrap();
    composer.render(&variables(report), Secrets::Known(&value_of))
}

#[test]
fn every_vector_renders_as_expected() {
    let vectors: Value = serde_json::from_str(VECTORS).unwrap();
    let cases = vectors["cases"].as_array().unwrap();
    assert_eq!(cases.len(), 5);
    for case in cases {
        let name = &case["name"];
        let request = rendered(case, &report()).unwrap();
        let expect = &case["expect"];
        assert_eq!(request.method.as_str(), expect["method"], "{name}");
        assert_eq!(request.url.as_str(), expect["url"], "{name}");
        for (header, value) in expect["headers"].as_object().into_iter().flatten() {
            assert_eq!(request.headers[header], value.as_str().unwrap(), "{name}");
        }
        let body = request.body.unwrap_or_default();
        if let Some(expected) = expect.get("json") {
            // As text: the order of keys counts.
            let body = String::from_utf8(body).unwrap();
            assert_eq!(body, expected.to_string(), "{name}");
        } else if let Some(expected) = expect.get("form") {
            let pairs: Vec<_> = url::form_urlencoded::parse(&body).collect();
            assert_eq!(json!(pairs), *expected, "{name}");
        } else {
            assert_eq!(expect["no_body"], true, "{name}");
            assert!(body.is_empty(), "{name}");
        }
    }
}

#[test]
fn every_vector_to_be_refused_is_refused() {
    let vectors: Value = serde_json::from_str(VECTORS).unwrap();
    let cases = vectors["refused_when_saved"].as_array().unwrap();
    let errors: Vec<String> =
        cases.iter().map(|case| compiled(case).unwrap_err().to_string()).collect();
    insta::assert_snapshot!(errors.join("\n"));
}

#[test]
fn every_mistake_is_listed_with_its_place() {
    let errors = compiled(&json!({
        "url": "https://www.domain.com/{{id | slice}}",
        "headers": {"X-A": "{{ to", "X-B": "ok", "x-b": "again", "TE": "x", "X C": "y"},
        "body": {"format": "json", "template": {
            "a": {"b": ["{{to}}", "two\nlines {{to | | upcase}}"]},
            "c": "{{ to upcase }}",
            "d": "{{ to | default: }}",
            "e": "{{ to | append: name: 'x' }}",
            "f": "{{ }}",
            "g": "{{ true_story }}",
        }},
    }))
    .unwrap_err();
    insta::assert_snapshot!(errors.to_string().replace("; `", "\n`"));
}

#[test]
fn unknown_variables_are_warnings() {
    let composer = compiled(&json!({
        "url": "https://www.domain.com/{{campaign}}?a={{campaign}}&b={{to | url_encode}}",
        "headers": {"X-A": "{{start_at_unix}} {{variables.anything}} {{caller.name}}"},
    }))
    .unwrap();
    let warnings: Vec<_> = composer
        .warnings()
        .map(|warning| format!("`{}` {}", warning.field, warning.message))
        .collect();
    insta::assert_snapshot!(warnings.join("\n"));
}

#[test]
fn a_preview_hides_secrets_and_is_readable() {
    let fields = json!({
        "url": "https://www.domain.com/p%20q?key=%token%&to={{to}}",
        "headers": {"Authorization": "Bearer %token%"},
        "secrets": {"token": "s3cr3t"},
        "body": {"format": "form", "template": {"k": "%token%", "s": "{{status}}"}},
    });
    let report = report();
    let preview = compiled(&fields).unwrap().preview(&variables(&report));
    let Preview { method, url, headers, body } = preview.unwrap();
    assert_eq!(method, "POST");
    assert_eq!(url, "https://www.domain.com/p%20q?key=•••&to=918867130000");
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    assert_eq!(
        headers,
        [
            pair("authorization", "Bearer •••"),
            pair("content-type", "application/x-www-form-urlencoded")
        ]
    );
    assert_eq!(body.unwrap(), "k=•••&s=ANSWER");
}

#[test]
fn secrets_are_escaped_for_their_place_and_shown_nowhere() {
    let fields = json!({
        "url": "https://www.domain.com/?k=%a-b_1%",
        "headers": {"X-Key": "%a-b_1%"},
        "secrets": {"a-b_1": "p\"w&/ü"},
        "body": {"format": "json", "template": ["%a-b_1%", "100%% of 50% off"]},
    });
    let request = rendered(&fields, &report()).unwrap();
    assert_eq!(request.url.query(), Some("k=p%22w%26%2F%C3%BC"));
    assert_eq!(request.headers["x-key"].as_bytes(), "p\"w&/ü".as_bytes());
    assert!(request.headers["x-key"].is_sensitive());
    let body = String::from_utf8(request.body.clone().unwrap()).unwrap();
    assert_eq!(body, r#"["p\"w&/ü","100% of 50% off"]"#);
    assert_eq!(format!("{request:?}"), "POST https://www.domain.com");
}

#[test]
fn what_only_a_report_can_bring_about_is_a_render_error_without_values() {
    let wrong = |fields: Value, report: Value| {
        let report = Report::parse(&report.to_string()).unwrap();
        rendered(&fields, &report).unwrap_err().to_string()
    };
    let header = json!({"headers": {"X-A": "{{a}}"}});
    let errors = [
        wrong(header.clone(), json!({"a": "secret\r\nX-B: c"})),
        wrong(header, json!({"a": "x".repeat(9_000)})),
        wrong(json!({"url": "https://h.example/{{a}}/b"}), json!({"a": ".."})),
        wrong(json!({"url": "https://h.example/?{{a}}"}), json!({"a": "ü".repeat(2_000)})),
        wrong(
            json!({"body": {"format": "json", "template": {"n": ["{{a | plus: 1}}"]}}}),
            json!({"a": "not a number"}),
        ),
        wrong(
            json!({"body": {"format": "json", "template": "{{a | append: a | append: a | append: a}}"}}),
            json!({"a": "x".repeat(60_000)}),
        ),
        wrong(
            json!({"body": {"format": "json", "template": "{{a}}{{a}}{{a}}{{a}}{{a}}"}}),
            json!({"a": "x".repeat(60_000)}),
        ),
    ];
    insta::assert_snapshot!(errors.join("\n"));
}

#[test]
fn one_composer_serves_all_tasks() {
    fn shared<T: Send + Sync>(value: T) -> T {
        value
    }
    shared(compiled(&json!({})).unwrap());
}

#[test]
fn all_headers_together_are_limited() {
    let headers = |count: usize| {
        let headers = (0..count).map(|i| (format!("x-{i}"), json!("{{a}}")));
        json!({"headers": headers.collect::<Map<_, _>>()})
    };
    let report = Report::parse(&json!({"a": "x".repeat(8_192)}).to_string()).unwrap();
    assert!(rendered(&headers(8), &report).is_ok());
    let error = rendered(&headers(9), &report).unwrap_err().to_string();
    assert_eq!(error, "`headers` cannot be rendered: it would have more than 65536 bytes");
}

#[test]
fn looking_at_a_text_again_and_again_has_an_end() {
    let fields = |count: usize| json!({"body": {"format": "json", "template": vec!["{{a | size}}{{a.size}}"; count]}});
    let report = Report::parse(&json!({"a": "x".repeat(60_000)}).to_string()).unwrap();
    assert!(rendered(&fields(17), &report).is_ok());
    assert!(rendered(&fields(18), &report).is_err());
}

#[test]
fn a_secret_that_is_gone_ends_the_rendering() {
    let fields = json!({"headers": {"X-A": "%token%"}, "secrets": {"token": "x"}});
    let composer = compiled(&fields).unwrap();
    let error = composer.render(&variables(&report()), Secrets::Known(&|_| None)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "`headers.X-A` cannot be rendered: the webhook has no secret `token`"
    );
}

#[test]
fn without_body_settings_the_caller_supplies_it() {
    let put = rendered(&json!({"method": "PUT"}), &report()).unwrap();
    assert_eq!(put.body, None);
    assert_eq!(put.headers["content-type"], "application/json");
    let get = rendered(&json!({"method": "GET"}), &report()).unwrap();
    assert_eq!((get.body, get.headers.len()), (None, 0));
    let error = compiled(&json!({"method": "GET", "body": {"format": "json", "template": {}}}));
    assert!(error.unwrap_err().to_string().starts_with("`body` must be left out"));
}
