//! Properties of composed requests that hold for all values of a report.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "the helpers of a test fail it")]

use std::collections::BTreeSet;

use callhook::domain::compose::{
    ComposeSettings, ComposedRequest, Composer, RenderFailure, Secrets,
};
use callhook::domain::compose::{RenderError, Variables};
use callhook::domain::report::{Mask, Report};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

/// Texts with delimiters of segments, parameters, lines, strings and parts.
fn hostile() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("..".to_owned()),
        Just("\r\n".to_owned()),
        Just("--".to_owned()),
        Just("%2e".to_owned()),
        Just("%token%".to_owned()),
        Just("{{b}}".to_owned()),
        "[/?#&=;@:.\\\\%\"'{}\\[\\],+ \r\n\t\u{0}]",
        "[a-z0-9]{1,4}",
        any::<char>().prop_map(String::from),
    ];
    proptest::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat())
}

/// Texts that are numbers, or almost.
fn number_like() -> impl Strategy<Value = String> {
    prop_oneof![
        "-?(0|[1-9][0-9]{0,40})(\\.[0-9]{1,9})?([eE][+-]?[0-9]{1,3})?",
        "[-+0-9.eE \t]{0,8}",
        "[0-9]{1,3}[,}\\]\":\n]{0,2}[0-9]{0,2}",
        hostile(),
    ]
}

/// Any JSON value of a report.
fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        hostile().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<bool>().prop_map(Value::from),
        Just(Value::Null),
    ];
    leaf.prop_recursive(2, 8, 3, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            proptest::collection::btree_map("[a-z]", inner, 0..3).prop_map(Value::from_iter),
        ]
    })
}

fn render(settings: Value, a: &Value, b: &Value) -> Result<ComposedRequest, RenderError> {
    let object: Map<String, Value> = serde_json::from_value(settings).unwrap();
    let settings = ComposeSettings::parse(&object).unwrap();
    let names = BTreeSet::from(["token".to_owned()]);
    let composer = Composer::compile(&settings, &names).unwrap();
    let report = Report::parse(&json!({"a": a, "b": b}).to_string()).unwrap();
    let variables = Variables {
        report: &report,
        report_id: "01890a5d-ac96-874b-bcce-b302099a8058".parse().unwrap(),
        webhook_id: "01890a5d-ac96-774b-bcce-b302099a8057".parse().unwrap(),
        now: Timestamp::UNIX_EPOCH,
        zone: TimeZone::UTC,
        mask: Mask::default(),
    };
    composer.render(&variables, Secrets::Known(&|_| Some("s\"e&c/r?e#t\u{e9}")))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn a_url_keeps_its_host_segments_and_parameters(a in value(), b in value()) {
        let url = "https://user:pw@h.example:8443/p/{{a}}/x{{b}}/%token%/{{a}}{{b}}?k={{a}}&{{b}}=%token%&l={{a|upcase}}";
        match render(json!({"url": url}), &a, &b) {
            Err(error) => {
                prop_assert_eq!(error.field, "url");
                prop_assert_eq!(error.reason, RenderFailure::DotSegment);
            }
            Ok(request) => {
                let url = request.url;
                prop_assert!(url.as_str().starts_with("https://user:pw@h.example:8443/p/"));
                prop_assert_eq!(url.path_segments().unwrap().count(), 5);
                prop_assert_eq!(url.query().unwrap().split('&').count(), 3);
                prop_assert_eq!(url.query().unwrap().matches('=').count(), 3);
                prop_assert_eq!(url.fragment(), None);
            }
        }
    }

    #[test]
    fn a_url_decodes_to_the_value(a in hostile()) {
        let settings = json!({"url": "https://h.example/?k={{a}}", "method": "GET"});
        let request = render(settings, &json!(a), &json!(1)).unwrap();
        let pairs: Vec<_> = request.url.query_pairs().into_owned().collect();
        prop_assert_eq!(pairs, [("k".to_owned(), a)]);
    }

    #[test]
    fn headers_never_gain_a_line(a in value(), b in value()) {
        let settings = json!({
            "url": "https://h.example/",
            "headers": {"X-A": "{{a}}", "X-B": "b {{b}} %token%"},
        });
        match render(settings, &a, &b) {
            Err(error) => prop_assert_eq!(error.reason, RenderFailure::ControlCharacter),
            Ok(request) => {
                prop_assert_eq!(request.headers.len(), 3);
                for value in request.headers.values() {
                    let is_text = |b: &u8| !b.is_ascii_control() || *b == b'\t';
                    prop_assert!(value.as_bytes().iter().all(is_text));
                }
            }
        }
    }

    #[test]
    fn a_json_body_keeps_its_shape(a in value(), b in value(), text in hostile()) {
        let template = json!({"z": "x{{a}}y", "a{{": ["{{b}}", 7, {"k": "{{a|default: b}}%token%"}], "n": null});
        let settings = json!({"url": "https://h.example/", "body": {"format": "json", "template": template}});
        let request = render(settings, &a, &b).unwrap();
        let body: Value = serde_json::from_slice(&request.body.unwrap()).unwrap();
        let keys: Vec<_> = body.as_object().unwrap().keys().collect();
        prop_assert_eq!(keys, ["z", "a{{", "n"]);
        prop_assert!(body["z"].is_string() && body["n"].is_null());
        prop_assert!(body["a{{"][0].is_string() && body["a{{"][2]["k"].is_string());
        prop_assert_eq!(body["a{{"].as_array().unwrap().len(), 3);

        let settings = json!({"url": "https://h.example/", "body": {"format": "json", "template": "{{a}}"}});
        let request = render(settings, &json!(text), &b).unwrap();
        let body: Value = serde_json::from_slice(&request.body.unwrap()).unwrap();
        prop_assert_eq!(body, json!(text));
    }

    #[test]
    fn json_values_do_not_change_the_rest_of_the_body(a in value(), b in value()) {
        let template = json!({
            "a": "{{a | json}}", "text": "x{{a | json}}", "list": ["{{b|json}}", 7, "{{ a | first | json }}"],
            "size": "{{a | size | number}}", "chained": "{{b | default: a | append: '\"' | json}}",
            "secret": "%token%", "n": null,
        });
        let settings = json!({"url": "https://h.example/", "body": {"format": "json", "template": template}});
        let request = render(settings, &a, &b).unwrap();
        let body: Value = serde_json::from_slice(&request.body.unwrap()).unwrap();
        let keys: Vec<_> = body.as_object().unwrap().keys().collect();
        prop_assert_eq!(keys, ["a", "text", "list", "size", "chained", "secret", "n"]);
        prop_assert_eq!(&body["a"], &a);
        prop_assert_eq!(body["list"].as_array().unwrap().len(), 3);
        prop_assert_eq!(&body["list"][0], &b);
        prop_assert_eq!(&body["list"][1], &json!(7));
        prop_assert_eq!(&body["text"], &json!(format!("x{a}")));
        prop_assert!(body["size"].is_number() && body["chained"].is_string() && body["n"].is_null());
        prop_assert_eq!(&body["secret"], &json!("s\"e&c/r?e#t\u{e9}"));
    }

    #[test]
    fn a_number_is_a_number_or_the_delivery_fails(a in number_like()) {
        let template = json!({"n": "{{a | number}}", "m": 7});
        let settings = json!({"url": "https://h.example/", "body": {"format": "json", "template": template}});
        let is_number = serde_json::from_str::<serde_json::Number>(a.trim()).is_ok();
        match render(settings, &json!(a), &json!(1)) {
            Err(error) => {
                prop_assert!(!is_number, "{a}");
                prop_assert_eq!(error.field, "body.template.n");
            }
            Ok(request) => {
                prop_assert!(is_number, "{a}");
                let body = String::from_utf8(request.body.unwrap()).unwrap();
                prop_assert_eq!(body, format!("{{\"n\":{},\"m\":7}}", a.trim()));
            }
        }
    }

    #[test]
    fn a_form_decodes_to_the_values(a in hostile(), b in hostile()) {
        let template = json!({"a&b=": "{{a}}", "c": "<{{b}}>", "d": 7});
        let settings = json!({"url": "https://h.example/", "body": {"format": "form", "template": template}});
        let request = render(settings, &json!(a), &json!(b)).unwrap();
        let body = request.body.unwrap();
        let pairs: Vec<_> = url::form_urlencoded::parse(&body).into_owned().collect();
        let pair = |name: &str, value: String| (name.to_owned(), value);
        prop_assert_eq!(pairs, [pair("a&b=", a), pair("c", format!("<{b}>")), pair("d", "7".to_owned())]);
    }

    #[test]
    fn a_multipart_body_parses_back(a in hostile(), b in hostile()) {
        let template = json!({"one": "{{a}}", "two": "{{b}}{{a}}", "three": ""});
        let settings = json!({"url": "https://h.example/", "body": {"format": "multipart", "template": template}});
        let request = render(settings, &json!(a), &json!(b)).unwrap();
        let content_type = request.headers["content-type"].to_str().unwrap();
        let boundary = content_type.strip_prefix("multipart/form-data; boundary=").unwrap();
        let body = String::from_utf8(request.body.unwrap()).unwrap();
        let pair = |name: &str, value: String| (name.to_owned(), value);
        let expected = [pair("one", a.clone()), pair("two", format!("{b}{a}")), pair("three", String::new())];
        prop_assert_eq!(parts(&body, boundary), expected);
    }
}

/// A minimal parser of `multipart/form-data`.
fn parts(body: &str, boundary: &str) -> Vec<(String, String)> {
    let delimiter = format!("\r\n--{boundary}");
    let body = format!("\r\n{body}");
    let mut pieces: Vec<&str> = body.split(&delimiter).collect();
    assert_eq!(pieces.remove(0), "");
    assert_eq!(pieces.pop(), Some("--\r\n"));
    let part = |piece: &str| {
        let (head, value) = piece.split_once("\r\n\r\n").unwrap();
        let name = head.strip_prefix("\r\ncontent-disposition: form-data; name=\"").unwrap();
        (name.strip_suffix('"').unwrap().to_owned(), value.to_owned())
    };
    pieces.into_iter().map(part).collect()
}
