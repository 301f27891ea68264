use std::collections::BTreeSet;

use super::*;

fn errors(headers: &[(&str, &str)], format: Option<BodyFormat>) -> String {
    let headers: Vec<_> =
        headers.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    let names = BTreeSet::new();
    let mut compiler = Compiler::new(&names);
    HeaderTemplates::compile(&headers, format, &mut compiler);
    compiler.errors.to_string()
}

#[test]
fn names_of_the_connection_and_the_signature_are_refused() {
    for name in RESERVED {
        let name = name.to_uppercase();
        let error = errors(&[(&name, "x")], None);
        assert!(error.contains("belongs to the connection"), "{error}");
    }
    for name in ["Webhook-Id", "webhook-", "WEBHOOK-signature", "Webhook-Test"] {
        let error = errors(&[(name, "x")], None);
        assert!(error.contains("belongs to the signature"), "{error}");
    }
}

#[test]
fn names_that_servers_fold_into_reserved_ones_are_refused() {
    let refused =
        RESERVED.iter().filter(|name| name.contains('-')).map(|name| name.replace('-', "_"));
    let written = [
        "Transfer_Encoding",
        "CONTENT_LENGTH",
        "Content.Length",
        "Proxy_Authorization",
        "Webhook_Id",
        "webhook_signature",
        "Webhook_",
        "webhook.timestamp",
        "Webhook!Anything",
        "Content_Type",
        "keep~alive",
    ];
    for name in refused.chain(written.map(str::to_owned)) {
        let error = errors(&[(&name, "x")], Some(BodyFormat::Json));
        let meant = name.to_lowercase().replace(['_', '.', '!', '~'], "-");
        let expected = format!(
            "`headers.{name}` cannot be set: servers that fold the names of headers, such as CGI, WSGI and nginx, read it \
             as `{meant}`"
        );
        assert_eq!(error, expected);
    }
    for name in [
        "X_Api_Key",
        "X-Proxy",
        "host_",
        "_host",
        "x_host",
        "user_agent",
        "te_",
        "webhook",
        "X_Webhook_Id",
        "hook_id",
    ] {
        assert_eq!(errors(&[(name, "x")], Some(BodyFormat::Json)), "", "{name}");
    }
    assert!(errors(&[("Proxy", "http://evil.example")], None).ends_with("read it as `HTTP_PROXY`"));
}

#[test]
fn a_saved_name_that_is_refused_now_is_a_warning() {
    let names = BTreeSet::new();
    let mut compiler = Compiler::lenient(&names);
    let headers = [("Webhook_Id".to_owned(), "{{id}}".to_owned())];
    let compiled = HeaderTemplates::compile(&headers, None, &mut compiler);
    assert_eq!((compiled.0.len(), compiler.errors.to_string()), (1, String::new()));
    assert!(compiler.warnings.to_string().contains("read it as `webhook-id`"));
}

#[test]
fn names_and_templates_are_checked() {
    let many: Vec<_> = (0..=limits::HEADERS).map(|i| (format!("x-{i}"), "")).collect();
    let many: Vec<_> = many.iter().map(|(name, text)| (name.as_str(), *text)).collect();
    assert_eq!(errors(&many, None), "`headers` must be at most 50 headers");
    assert_eq!(errors(&many[1..], None), "");
    let long = "x".repeat(limits::HEADER_TEMPLATE_BYTES + 1);
    for (headers, why) in [
        (&[("x y", "")][..], "a header's name"),
        (&[("", "")], "a header's name"),
        (&[("ü", "")], "a header's name"),
        (&[("A", "1"), ("a", "2")], "`headers.a` is given twice"),
        (&[("a", "x\ny")], "line breaks"),
        (&[("a", "x\0y")], "control characters"),
        (&[("a", long.as_str())], "at most 4096 bytes"),
    ] {
        let error = errors(headers, None);
        assert!(error.contains(why), "{error}");
    }
    assert_eq!(errors(&[("a", "tab\tand ü"), ("b", "")], None), "");
}

#[test]
fn the_content_type_must_fit_the_body() {
    use BodyFormat::{Form, Json, Multipart};
    for (text, format) in [
        ("application/json", Json),
        ("Application/JSON; Charset=UTF-8", Json),
        ("application/cloudevents+json", Json),
        ("application/x-www-form-urlencoded;charset=utf-8", Form),
    ] {
        assert_eq!(errors(&[("Content-Type", text)], Some(format)), "", "{text}");
    }
    for (text, format, why) in [
        ("text/plain", Json, "contradicts"),
        ("application/+json", Json, "contradicts"),
        ("application/json; charset=latin1", Json, "contradicts"),
        ("{{type}}", Json, "contradicts"),
        ("application/json", Form, "contradicts"),
        ("multipart/form-data; boundary=x", Multipart, "left out"),
    ] {
        let error = errors(&[("content-type", text)], Some(format));
        assert!(error.contains(why), "{text}: {error}");
    }
    assert_eq!(errors(&[("content-type", "text/plain")], None), "");
}
