use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Map, Value, json};

use super::*;
use crate::domain::report::{Mask, Report};

mod shown;

const VECTORS: &str = include_str!("../../../../../tests/vectors/compose.json");

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
    Composer::compile_new(&settings(fields)?, &names)
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
            // Compared as text, since the order of keys counts.
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
fn every_vector_to_refuse_is_refused() {
    let vectors: Value = serde_json::from_str(VECTORS).unwrap();
    let cases = vectors["refused_when_saved"].as_array().unwrap();
    let errors: Vec<String> =
        cases.iter().map(|case| compiled(case).unwrap_err().to_string()).collect();
    insta::assert_snapshot!(errors.join("\n"));
}

#[test]
fn every_mistake_is_listed_with_its_position() {
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
fn secrets_are_escaped_for_their_context_and_not_printed() {
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
fn a_report_that_does_not_fit_is_a_render_error_without_values() {
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
fn a_composer_can_be_shared_between_tasks() {
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
fn reading_a_text_repeatedly_uses_up_the_budget() {
    let fields = |count: usize| json!({"body": {"format": "json", "template": vec!["{{a | size}}{{a.size}}"; count]}});
    let report = Report::parse(&json!({"a": "x".repeat(60_000)}).to_string()).unwrap();
    assert!(rendered(&fields(17), &report).is_ok());
    assert!(rendered(&fields(18), &report).is_err());
}

#[test]
fn a_missing_secret_is_a_render_error() {
    let fields = json!({"headers": {"X-A": "%token%"}, "secrets": {"token": "x"}});
    let composer = compiled(&fields).unwrap();
    let error = composer.render(&variables(&report()), Secrets::Known(&|_| None)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "`headers.X-A` cannot be rendered: the webhook has no secret `token`"
    );
}

#[test]
fn without_body_settings_there_is_no_composed_body() {
    let put = rendered(&json!({"method": "PUT"}), &report()).unwrap();
    assert_eq!(put.body, None);
    assert_eq!(put.headers["content-type"], "application/json");
    let get = rendered(&json!({"method": "GET"}), &report()).unwrap();
    assert_eq!((get.body, get.headers.len()), (None, 0));
    let error = compiled(&json!({"method": "GET", "body": {"format": "json", "template": {}}}));
    assert!(error.unwrap_err().to_string().starts_with("`body` must be left out"));
}

fn body_of(template: &Value, report: &Value) -> Result<String, RenderError> {
    let fields = json!({"body": {"format": "json", "template": template}});
    let request = rendered(&fields, &Report::parse(&report.to_string()).unwrap())?;
    Ok(String::from_utf8(request.body.unwrap()).unwrap())
}

#[test]
fn a_string_that_is_one_expression_may_be_a_json_value() {
    let report: Value = serde_json::from_str(
        r#"{"to": 918867130000, "big": 12345678901234567890123.50, "duration": "83", "yes": true,
            "legs": [{"b": 1, "a": "x\"y"}, null], "variables": {"z": 1e3, "a": [1.50]}}"#,
    )
    .unwrap();
    for (template, body) in [
        ("{{to | json}}", "918867130000"),
        ("{{big|json}}", "12345678901234567890123.50"),
        ("{{- yes | json -}}", "true"),
        ("{{nothing | json}}", "null"),
        ("{{duration | json}}", r#""83""#),
        ("{{duration | number}}", "83"),
        ("{{duration | divided_by: 60.0 | round: 2 | json}}", "1.38"),
        ("{{legs | json}}", r#"[{"b":1,"a":"x\"y"},null]"#),
        ("{{legs[0] | json}}", r#"{"b":1,"a":"x\"y"}"#),
        ("{{legs | last | json}}", "null"),
        ("{{variables | json}}", r#"{"z":1e+3,"a":[1.50]}"#),
        ("{{legs | json | upcase}}", r#""[{\"B\":1,\"A\":\"X\\\"Y\"},NULL]""#),
        ("x{{to | json}}", r#""x918867130000""#),
        (" {{legs | json}}", r#"" [{\"b\":1,\"a\":\"x\\\"y\"},null]""#),
        ("{{duration | number}} s", r#""83 s""#),
        ("{{to | json}}{{to | json}}", r#""918867130000918867130000""#),
        ("{{to}}", r#""918867130000""#),
    ] {
        assert_eq!(body_of(&json!(template), &report).unwrap(), body, "{template}");
    }
    let nested =
        json!({"a": ["{{to | json}}", {"b": "{{legs | json}}"}], "c": "{{duration | number}}"});
    let expected = r#"{"a":[918867130000,{"b":[{"b":1,"a":"x\"y"},null]}],"c":83}"#;
    assert_eq!(body_of(&nested, &report).unwrap(), expected);
    let error = body_of(&json!({"n": "{{status | number}}"}), &json!({"status": "BUSY"}));
    assert_eq!(
        error.unwrap_err().to_string(),
        "`body.template.n` cannot be rendered: the filter `number` needs a JSON number: digits without a \
         leading `0` or `+`"
    );
}

#[test]
fn json_outside_of_json_bodies_is_escaped_text() {
    let report = Report::parse(r#"{"o": {"a": "b c"}, "n": 7}"#).unwrap();
    let fields = json!({
        "url": "https://h.io/?o={{o | json}}&n={{n | number}}",
        "headers": {"X-O": "{{o | json}}"},
        "body": {"format": "form", "template": {"o": "{{o | json}}", "n": "{{n | json}}"}},
    });
    let request = rendered(&fields, &report).unwrap();
    assert_eq!(request.url.query(), Some("o=%7B%22a%22%3A%22b%20c%22%7D&n=7"));
    assert_eq!(request.headers["x-o"], r#"{"a":"b c"}"#);
    assert_eq!(request.body.unwrap(), b"o=%7B%22a%22%3A%22b+c%22%7D&n=7");
}

#[test]
fn masked_numbers_stay_masked_in_objects_and_lists() {
    let report = Report::parse(
        r#"{"to": 918867130000, "from": "918919520000", "bridge": 918068280000,
            "variables": {"to": "918867130000", "legs": [{"to": 918867130000, "bridge": 1234567}],
            "from": ["918919520000"]}}"#,
    )
    .unwrap();
    let mask = Mask::from_json(&json!(["to", "from"])).unwrap();
    let mut variables = variables(&report);
    variables.mask = mask;
    for (template, body) in [
        ("{{to | json}}", r#""XXXXXXXX0000""#),
        ("{{variables.to | json}}", r#""XXXXXXXX0000""#),
        ("{{variables.to.size}}", r#""12""#),
        ("{{variables.legs[0].to}}", r#""XXXXXXXX0000""#),
        ("{{variables.from[0]}}", r#""""#),
        ("{{variables.legs | first | json}}", r#"{"to":"XXXXXXXX0000","bridge":1234567}"#),
        (
            "{{variables | json}}",
            r#"{"to":"XXXXXXXX0000","legs":[{"to":"XXXXXXXX0000","bridge":1234567}],"from":null}"#,
        ),
        ("{{variables | slice: 0, 20}}", r#""{\"to\":\"XXXXXXXX0000\"""#),
    ] {
        let fields = json!({"body": {"format": "json", "template": template}});
        let request = compiled(&fields).unwrap().render(&variables, Secrets::Hidden).unwrap();
        assert_eq!(String::from_utf8(request.body.unwrap()).unwrap(), body, "{template}");
    }
}

fn warnings(fields: &Value) -> Vec<String> {
    let composer = compiled(fields).unwrap();
    composer.warnings().map(|it| format!("`{}` {}", it.field, it.message)).collect()
}

#[test]
fn probable_mistakes_are_warnings() {
    let fields = json!({
        "url": "https://www.domain.com/{id}?to=${to}&key=%ab%&f={{ start_at | date: 'd/m/Y' | url_encode }}",
        "headers": {"X-A": "{status}", "X-B": "{{To}} {{startAt}}"},
        "body": {"format": "json", "template": "{\"to\": \"{{to | json}}\"}"},
    });
    insta::assert_snapshot!(warnings(&fields).join("\n"));
    let intended = json!({
        "url": "https://www.domain.com/caf%C3%A9?a=%7B%22%7D",
        "body": {"format": "json", "template": {"a": "{ {{to}} } <b>", "b": "{{to | json}}"}},
    });
    assert_eq!(warnings(&intended), Vec::<String>::new());
}

#[test]
fn a_saved_template_that_is_refused_now_is_a_warning() {
    for (fields, beginning) in [
        (
            json!({"url": "https://h.io/?key=%access_token%"}),
            "`url` line 1, column 19: the webhook has no secret `access_token`",
        ),
        (
            json!({"headers": {"X-A": "{{start_at | date: '%Y %Q'}}"}}),
            "`headers.X-A` line 1, column 24: `date` knows no `%Q`",
        ),
    ] {
        let refused = compiled(&fields).unwrap_err().to_string();
        assert!(refused.starts_with(beginning), "{refused}");
        let saved = Composer::compile(&settings(&fields).unwrap(), &BTreeSet::new()).unwrap();
        let warning = saved.warnings().next().unwrap();
        assert!(format!("`{}` {}", warning.field, warning.message).starts_with(beginning));
        assert!(!warning.message.contains("near"), "the text nearby may be a password");
        assert!(saved.render(&variables(&report()), Secrets::Hidden).is_ok());
    }
}

#[test]
fn a_saved_format_that_is_refused_now_prints_as_before() {
    let fields = json!({"headers": {"X-A": "{{start_at | date: '%S%.3f'}}"}});
    assert!(compiled(&fields).is_err());
    let saved = Composer::compile(&settings(&fields).unwrap(), &BTreeSet::new()).unwrap();
    let request = saved.render(&variables(&report()), Secrets::Hidden).unwrap();
    assert_eq!(request.headers["x-a"], "39.000");
}

#[test]
fn a_url_with_half_an_expression_is_refused() {
    for url in
        ["https://h.io/?to={{to}", "https://h.io/?to={{to}&id={{id}}", "https://h.io/{{{to}}}"]
    {
        let error = compiled(&json!({"url": url})).unwrap_err().to_string();
        assert!(error.starts_with("`url` line 1, column "), "{error}");
    }
    let error = compiled(&json!({"url": "https://h.io/?to=%to%"})).unwrap_err().to_string();
    assert!(error.contains("no secret `to`; a variable is written `{{to}}`"), "{error}");
}
