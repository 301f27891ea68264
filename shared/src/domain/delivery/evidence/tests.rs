use http::{HeaderMap, HeaderName, HeaderValue};
use serde_json::json;

use super::*;
use crate::domain::compose::Method;
use crate::domain::delivery::{LoggedAttempt, Trigger};

fn evidence() -> Evidence {
    Evidence {
        sent_at: Timestamp::from_millisecond(1_700_000_000_123).unwrap(),
        address: Some("[2001:db8::1]:443".parse().unwrap()),
        http: HttpVersion::Http10,
        received: 17,
        request: Some(SentRequest {
            method: Method::Put, url: "https://a.example/•••".into()
        }),
        headers: Some(ResponseHeaders::of(&headers(&[("server", b"nginx")]))),
    }
}

fn headers(lines: &[(&str, &[u8])]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in lines {
        let name: HeaderName = name.parse().unwrap();
        headers.append(name, HeaderValue::from_bytes(value).unwrap());
    }
    headers
}

fn kept(lines: &[(&str, &[u8])]) -> (serde_json::Value, u32) {
    let kept = ResponseHeaders::of(&headers(lines));
    (json!(kept.kept()), kept.left_out())
}

#[test]
fn evidence_is_text_in_an_attempt_and_reads_back() {
    let attempt = LoggedAttempt {
        at: Timestamp::UNIX_EPOCH,
        number: 1,
        trigger: Trigger::Automatic,
        status_code: Some(500),
        error: None,
        latency_ms: 7,
        delivered: false,
        response: None,
        evidence: Some(evidence()),
    };
    let stored = serde_json::to_value(&attempt).unwrap();
    let text = r#"{"sent_at":1700000000123,"address":"[2001:db8::1]:443","http":"1.0","received":17,"request":{"method":"PUT","url":"https://a.example/•••"},"headers":{"kept":{"server":"nginx"}}}"#;
    assert_eq!(stored["evidence"], text);
    assert_eq!(serde_json::from_value::<LoggedAttempt>(stored).unwrap(), attempt);
}

#[test]
fn attempts_without_evidence_or_with_that_of_another_build_are_read() {
    let old = json!({"at": "2021-04-09T16:27:56Z", "number": 1, "latency_ms": 7});
    let with = |evidence: serde_json::Value| {
        let mut attempt = old.clone();
        attempt["evidence"] = evidence;
        serde_json::from_value::<LoggedAttempt>(attempt).unwrap().evidence
    };
    assert_eq!(serde_json::from_value::<LoggedAttempt>(old.clone()).unwrap().evidence, None);
    let least = Evidence {
        address: None,
        http: HttpVersion::Http11,
        received: 0,
        request: None,
        headers: None,
        ..evidence()
    };
    for (text, read) in [
        (r#"{"sent_at":1700000000123}"#, Some(&least)),
        (r#"{"sent_at":1700000000123,"unknown":[]}"#, Some(&least)),
        (r#"{"sent_at":1700000000123,"http":"3"}"#, None),
        (r#"{"sent_at":"yesterday"}"#, None),
        ("", None),
    ] {
        assert_eq!(with(json!(text)).as_ref(), read, "{text}");
    }
    assert_eq!(with(json!(null)), None);
}

#[test]
fn headers_are_text_by_name() {
    for (lines, expected) in [
        (&[("Server", &b"nginx"[..])][..], json!({"server": "nginx"})),
        (&[("via", b"a"), ("x", b"1"), ("via", b"b")], json!({"via": "a, b", "x": "1"})),
        (
            &[("x", b"caf\xe9\tau lait"), ("y", "ü".as_bytes())],
            json!({"x": "caf\u{fffd}\u{fffd}au lait", "y": "ü"}),
        ),
        (&[("x", b"")], json!({"x": ""})),
    ] {
        assert_eq!(kept(lines), (expected, 0), "{lines:?}");
    }
}

#[test]
fn headers_with_names_of_secrets_are_redacted() {
    for name in ["set-cookie", "Set-Cookie2", "authorization", "x-api-key", "X-Csrf-Token"] {
        let (kept, left_out) = kept(&[(name, b"s3cret"), (name, b"another"), ("etag", b"1")]);
        assert_eq!(kept[name.to_lowercase()], "•••", "{name}");
        assert_eq!((kept["etag"].as_str(), left_out), (Some("1"), 0));
    }
}

#[test]
fn headers_are_bounded() {
    let long = [b'x'; ResponseHeaders::MAX_LINE];
    // Bytes that are not UTF-8 become three each.
    let noise = [0xff; 700];
    let names: Vec<_> = (0..100).map(|n| format!("x-{n}")).collect();
    let many: Vec<_> = names.iter().map(|name| (name.as_str(), &b"1"[..])).collect();
    let half: Vec<_> = names.iter().map(|name| (name.as_str(), &long[..500])).collect();
    let same: Vec<_> = names.iter().map(|_| ("x", &b"1"[..])).collect();
    for (lines, count, left_out) in [
        (&many[..], ResponseHeaders::MAX, 70),
        (&half, 4, 96),
        (&same, 1, 0),
        (&[("x", &long[..]), ("y", b"1"), ("z", &long[1..])][..], 2, 1),
        (&[("x", &noise[..]), ("y", b"1")], 1, 1),
        (&[("nel", b"{}"), ("content-security-policy", b"x"), ("date", b"now")], 1, 2),
    ] {
        let kept = ResponseHeaders::of(&headers(lines));
        assert_eq!((kept.kept().len(), kept.left_out()), (count, left_out), "{:?}", kept.kept());
        assert!(kept.bytes() <= ResponseHeaders::MAX_BYTES);
    }
}

#[test]
fn headers_that_grow_by_redaction_stay_within_the_bounds() {
    let (one, two) = ([b'a'; 1_000], [b'b'; 1_000]);
    let kept = ResponseHeaders::of(&headers(&[("x", &one), ("y", &two)]));
    let hidden = kept.map(|text| text.replace('a', "•••"));
    assert_eq!(json!(hidden.kept()), json!({"y": "b".repeat(1_000)}));
    assert_eq!(hidden.left_out(), 1);
}

#[test]
fn debug_output_shows_neither_headers_nor_the_path() {
    let request = SentRequest {
        method: Method::Get,
        url: "https://a.example:8443/918867130000?to=918867130000".into(),
    };
    let evidence = Evidence { request: Some(request), ..evidence() };
    let printed = format!("{evidence:?}");
    assert!(printed.contains("GET https://a.example:8443/•••"), "{printed}");
    assert!(!printed.contains("918867130000") && !printed.contains("nginx"), "{printed}");
}
