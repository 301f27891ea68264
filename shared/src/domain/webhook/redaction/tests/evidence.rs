//! The redacted evidence of an attempt.

use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue};

use super::*;
use crate::domain::compose::Method;
use crate::domain::delivery::{Evidence, HttpVersion};

fn answered(code: u16, lines: &[(&str, &str)]) -> Attempt {
    let line = |(name, value): &(&str, &str)| {
        (name.parse::<HeaderName>().unwrap(), value.parse::<HeaderValue>().unwrap())
    };
    let headers: HeaderMap = lines.iter().map(line).collect();
    Attempt {
        result: Ok(code),
        latency: Duration::from_millis(7),
        body: "s3cret/x".into(),
        is_cut: false,
        retry_after: None,
        evidence: Some(Evidence {
            sent_at: Timestamp::UNIX_EPOCH,
            address: None,
            http: HttpVersion::Http11,
            received: 8,
            request: None,
            headers: Some(ResponseHeaders::of(&headers)),
        }),
    }
}

fn request() -> SentRequest {
    SentRequest { method: Method::Post, url: "https://h.io/".into() }
}

fn headers(attempt: &Attempt) -> Value {
    let evidence = attempt.evidence.as_ref().unwrap();
    json!(evidence.headers.as_ref().map(ResponseHeaders::kept))
}

#[test]
fn secrets_are_hidden_in_headers_as_in_bodies() {
    let webhook = webhook(&json!({
        "url": "https://us3r-1234567:p4ssword@h.io/",
        "secrets": {"a": "s3cret/x", "b": "b34rer-t0ken1"},
        "headers": {"X-Api-Key": "l1teral-key"},
    }));
    let mut attempt = answered(
        500,
        &[
            ("x-echo", "a s3cret/x b"),
            ("x-json", r#"{"k":"s3cret\/x"}"#),
            ("x-base64", "czNjcmV0L3g="),
            ("x-url", "/?k=s3cret%2Fx"),
            ("x-bearer", "b34rer-t0ken1"),
            ("x-literal", "l1teral-key"),
            ("x-user", "us3r-1234567:p4ssword"),
            ("x-b34rer-t0ken1", "in a name"),
            ("etag", "1"),
        ],
    );
    webhook.redact_for_log(&mut attempt, request());
    let expected = json!({
        "x-echo": "a ••• b", "x-json": r#"{"k":"•••"}"#, "x-base64": "•••=", "x-url": "/?k=•••",
        "x-bearer": "•••", "x-literal": "•••", "x-user": "•••:•••", "x-•••": "in a name", "etag": "1",
    });
    assert_eq!(headers(&attempt), expected);
    assert_eq!(attempt.body, HIDDEN);
    assert_eq!(attempt.evidence.unwrap().request, Some(request()));
}

#[test]
fn the_log_keeps_headers_of_failures_only() {
    for (codes, code, is_kept) in [
        (json!([200, 202]), 200, false),
        (json!([200, 202]), 204, true),
        (json!([200, 202]), 503, true),
        (json!([302]), 302, false),
        (json!([302]), 200, true),
    ] {
        let webhook = webhook(&json!({"success_codes": codes}));
        let mut logged = answered(code, &[("etag", "1")]);
        webhook.redact_for_log(&mut logged, request());
        let expected = if is_kept { json!({"etag": "1"}) } else { Value::Null };
        assert_eq!(headers(&logged), expected, "{codes} {code}");
        // A trial shows the headers of a success as well.
        let mut shown = answered(code, &[("etag", "1")]);
        webhook.redact(&mut shown, request());
        assert_eq!(headers(&shown), json!({"etag": "1"}), "{codes} {code}");
    }
}

#[test]
fn headers_full_of_secrets_stay_within_their_limit() {
    let webhook = with_secret("aa");
    let lines: Vec<_> = (0..20).map(|n| format!("x-{n}")).collect();
    let noise = "aa ".repeat(30);
    let lines: Vec<_> = lines.iter().map(|name| (name.as_str(), noise.as_str())).collect();
    let mut attempt = answered(500, &lines);
    webhook.redact_for_log(&mut attempt, request());
    let evidence = attempt.evidence.unwrap();
    let headers = evidence.headers.unwrap();
    assert!(headers.bytes() <= ResponseHeaders::MAX_BYTES);
    assert!(headers.kept().values().all(|value| !value.contains("aa")), "{:?}", headers.kept());
    assert_eq!(headers.kept().len() + headers.left_out() as usize, 20);
}
