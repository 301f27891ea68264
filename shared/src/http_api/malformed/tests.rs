use serde_json::Value;

use super::*;
use crate::input::json;

fn headers(content_type: &str) -> HeaderMap {
    HeaderMap::from_iter([(CONTENT_TYPE, content_type.parse().unwrap())])
}

/// The `detail` of the problem with a body.
fn detail_of(body: &[u8], content_type: &str) -> String {
    let (headers, expected) = (headers(content_type), Expected::OBJECT);
    let problem = match utf8(body, &headers, expected) {
        Ok(text) => {
            let error = json::read(text, 100).unwrap_err();
            Problem::not_json(text, &headers, &error, expected)
        }
        Err(problem) => problem,
    };
    let problem = problem.to_value();
    assert_eq!(problem["status"], 400);
    problem["detail"].as_str().unwrap().to_owned()
}

#[test]
fn a_body_of_another_format_is_refused_with_its_format() {
    let json = "application/json";
    let base64 = |text: &str| base64::engine::general_purpose::STANDARD.encode(text).into_bytes();
    for (body, content_type, expected) in [
        (b"".to_vec(), json, "is empty; send a JSON object, with `content-type"),
        (b" \n".to_vec(), json, "is empty;"),
        (b"to=918867130000&status=ANSWER".to_vec(), json, "is a form (`name=value`); send a JSON"),
        (b"payload=%7B%22to%22%3A1%7D".to_vec(), json, "is a form"),
        (b"call[to]=1".to_vec(), json, "is a form"),
        (b"918867130000".to_vec(), "Application/x-www-form-urlencoded; charset=UTF-8", ""),
        (b"just text".to_vec(), "Application/x-www-form-urlencoded; charset=UTF-8", "is a form"),
        (b"--x\r\nContent-Disposition: form-data".to_vec(), json, "is multipart; send"),
        (b"\r\n--x\r\n\xff".to_vec(), "multipart/form-data; boundary=x", "is multipart; send"),
        (b"%7B%22to%22%3A1%7D".to_vec(), json, "is percent-encoded; send a JSON object unencoded"),
        (b"<?xml version=\"1.0\"?>".to_vec(), json, "begins with `<`"),
        (base64(r#"{"to": 918867130000}"#), json, "is base64; send a JSON object without"),
        (base64(" [{\"to\": 918867130000}]"), json, "is base64;"),
        (b"\xEF\xBB\xBF{}".to_vec(), json, "begins with a byte order mark"),
        (b"\xFF\xFE{\0}\0".to_vec(), json, "is UTF-16; send a JSON object in UTF-8"),
        (b"{\0\"\0t\0".to_vec(), json, "is UTF-16;"),
        (b"\x1F\x8B\x08\0\0".to_vec(), json, "is compressed; send a JSON object uncompressed"),
        (
            b"{\"a\": \"\xff\"}".to_vec(),
            json,
            "is not UTF-8: the byte at offset 7 is invalid; send",
        ),
    ] {
        if expected.is_empty() {
            assert!(json::read(std::str::from_utf8(&body).unwrap(), 9).is_ok(), "valid JSON");
            continue;
        }
        let detail = detail_of(&body, content_type);
        assert!(detail.starts_with(&format!("The body {expected}")), "{body:?}: {detail}");
    }
}

#[test]
fn a_syntax_error_has_its_position_and_advice() {
    for (body, position, advice) in [
        (r#"{"to": 91806828XXXX}"#, "line 1 column 16", "write a masked number in quotes"),
        ("{\n  \"to\": 9180XXXX0000,\n}", "line 2 column 13", "write a masked number in quotes"),
        (r#"{"to": 9188671*****}"#, "line 1 column 15", "write a masked number in quotes"),
        (r#"{"to": 1,}"#, "line 1 column 10", "remove the comma before it"),
        ("{\"to\": 1,\n}", "line 2 column 1", "remove the comma before it"),
        ("[{\"to\": 1},]", "line 1 column 12", "remove the comma before it"),
        (r#"{"to": +918867130000}"#, "line 1 column 8", "write a number with a plus"),
        (r#"{"to": 0918867130000}"#, "line 1 column 9", "a leading zero"),
        (r#"{"to": 91 8867 130000}"#, "line 1 column 11", "spaces or dashes in quotes"),
        (r#"{"to": 91-8867-130000}"#, "line 1 column 10", "spaces or dashes in quotes"),
        ("{'to': 1}", "line 1 column 2", "not in single quotes"),
        (r#"{"to": 'x'}"#, "line 1 column 8", "not in single quotes"),
        ("{to: 1}", "line 1 column 2", "strings in double quotes"),
        (r#"{"status": ANSWER}"#, "line 1 column 12", "strings in double quotes"),
        ("{“to”: 1}", "line 1 column 2", "straight double quotes"),
        (r#"{"to": None}"#, "line 1 column 8", "write `null`"),
        (r#"{"to": NaN}"#, "line 1 column 8", "write `null`"),
        (r#"{"ok": True}"#, "line 1 column 8", "write `true` or `false`"),
        ("{\"to\": 1}\n{\"to\": 2}\n", "line 2 column 1", "send several values as one array"),
        (r#"{"to": 1}{"to": 2}"#, "line 1 column 10", "send several values as one array"),
        (r#"{"to": 1}, {"to": 2}"#, "line 1 column 10", "send several values as one array"),
        ("{\"to\": 1} // a call", "line 1 column 11", "JSON has no comments"),
        ("{\"note\": \"a\nb\"}", "line 2 column 0", "write line breaks"),
        (r#"{"to": 1"#, "line 1 column 8", "it ends too early"),
    ] {
        let detail = detail_of(body.as_bytes(), "application/json");
        assert!(detail.starts_with("The body is not JSON: "), "{body}: {detail}");
        assert!(detail.contains(position) && detail.contains(advice), "{body}: {detail}");
        for digits in ["918867130000", "9188671", "91806828XXXX,"] {
            assert!(!detail.contains(digits), "{detail}");
        }
    }
}

#[test]
fn no_body_causes_a_panic_or_is_quoted() {
    let pieces =
        ["{", "[", "\"", "ü", "“", "91886713", "X", ":", ",", "\n", "é'", "%7B", "=", "\\"];
    let mut seed = 7_usize;
    for _ in 0..2_000 {
        let mut text = String::new();
        for _ in 0..seed % 9 {
            seed = seed
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            text.push_str(pieces[(seed >> 33) % pieces.len()]);
        }
        seed = seed.wrapping_add(1);
        if let Err(error) = serde_json::from_str::<Value>(&text) {
            let error = JsonError::Malformed(error);
            let problem = Problem::not_json(&text, &HeaderMap::new(), &error, Expected::REPORTS);
            assert!(!problem.to_value().to_string().contains("91886713"), "{text}");
        }
    }
}
