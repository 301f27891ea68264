//! Composes requests from arbitrary settings and reports. No input panics. A report changes neither the host nor the
//! shape of a URL, adds no line to a header, and changes only values of a JSON body.
//!
//! The byte 0xFF separates the five texts of the input: URL, header, body (JSON, else a template), report (JSON, else
//! its field `a`), another report.

#![no_main]

use std::collections::BTreeSet;

use callhook::domain::compose::{
    BodyFormat, BodySettings, ComposeSettings, ComposedRequest, Composer, Method, Secrets,
    Variables,
};
use callhook::domain::report::{Mask, Report};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use libfuzzer_sys::fuzz_target;
use serde_json::{Value, json};

fuzz_target!(|data: &[u8]| {
    let mut texts = data.split(|b| *b == 0xFF).map(String::from_utf8_lossy);
    let mut next = || texts.next().unwrap_or_default();
    let (url, header, body) = (next(), next(), next());
    let (first, second) = (report(&next()), report(&next()));
    for format in [BodyFormat::Json, BodyFormat::Form, BodyFormat::Multipart] {
        let template = serde_json::from_str(&body).unwrap_or_else(|_| match format {
            BodyFormat::Json => json!(body),
            _ => json!({ "a": body }),
        });
        let settings = ComposeSettings {
            method: Method::Post,
            url: url.clone().into_owned(),
            headers: vec![("X-A".to_owned(), header.clone().into_owned())],
            body: Some(BodySettings { format, template: template.clone() }),
        };
        let names = BTreeSet::from(["t".to_owned()]);
        let Ok(composer) = Composer::compile(&settings, &names) else {
            continue;
        };
        let [first, second] = [&first, &second].map(|report| {
            let request = render(&composer, report)?;
            if format == BodyFormat::Json {
                let body = request.body.as_deref().unwrap_or_default();
                let body = serde_json::from_slice(body).expect("a JSON body is JSON");
                assert_same_shape(&template, &body);
            }
            Some(request)
        });
        if let (Some(first), Some(second)) = (first, second) {
            assert_same_target(&first, &second);
        }
    }
});

fn report(text: &str) -> Report {
    let other = || Report::parse(&json!({ "a": text }).to_string());
    Report::parse(text)
        .or_else(|_| other())
        .unwrap_or_else(|_| Report::parse("{}").expect("an empty object is a report"))
}

fn render(composer: &Composer, report: &Report) -> Option<ComposedRequest> {
    let id = "01890a5d-ac96-774b-bcce-b302099a8057";
    let variables = Variables {
        report,
        report_id: id.parse().expect("an id"),
        webhook_id: id.parse().expect("an id"),
        now: Timestamp::UNIX_EPOCH,
        zone: TimeZone::UTC,
        mask: Mask::default(),
    };
    let request = composer.render(&variables, Secrets::Known(&|_| Some("s/e&c?r\"e#t")));
    // A preview may fail where sending does not: its placeholder may be longer than the secret.
    let _ = composer.preview(&variables);
    let request = request.ok()?;
    let header = request.headers["x-a"].as_bytes();
    assert!(header.iter().all(|b| !b.is_ascii_control() || *b == b'\t'));
    Some(request)
}

/// Asserts that strings stay strings, except for a single expression that renders JSON.
fn assert_same_shape(template: &Value, body: &Value) {
    match (template, body) {
        (Value::Object(template), Value::Object(body)) => {
            assert!(template.keys().eq(body.keys()));
            template.values().zip(body.values()).for_each(|(a, b)| assert_same_shape(a, b));
        }
        (Value::Array(template), Value::Array(body)) => {
            assert_eq!(template.len(), body.len());
            template.iter().zip(body).for_each(|(a, b)| assert_same_shape(a, b));
        }
        (Value::String(text), body) => {
            let makes_json = text.starts_with("{{")
                && text.ends_with("}}")
                && (text.contains("json") || text.contains("number"));
            assert!(body.is_string() || makes_json);
        }
        (template, body) => assert_eq!(template, body),
    }
}

fn assert_same_target(first: &ComposedRequest, second: &ComposedRequest) {
    let (first, second) = (&first.url, &second.url);
    assert_eq!(first.origin(), second.origin());
    assert_eq!(first.username(), second.username());
    assert_eq!(first.password(), second.password());
    assert_eq!(first.fragment(), None);
    let segments = |url: &str| url.split('?').next().map(|path| path.matches('/').count());
    assert_eq!(segments(first.as_str()), segments(second.as_str()));
    let parameters = |query: Option<&str>| query.map(|query| query.matches(['&', '=']).count());
    assert_eq!(parameters(first.query()), parameters(second.query()));
}
