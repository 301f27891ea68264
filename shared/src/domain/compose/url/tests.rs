use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::json;

use super::*;
use crate::domain::compose::Variables;
use crate::domain::compose::secrets::Secrets;
use crate::domain::report::{Mask, Report};

fn compile(text: &str) -> Result<UrlTemplate, String> {
    let names = BTreeSet::from(["token".to_owned()]);
    let mut compiler = Compiler::new(&names);
    let url = UrlTemplate::compile(text, &mut compiler);
    url.ok_or_else(|| compiler.errors.to_string())
}

fn render(template: &str, value: &str) -> Result<String, RenderFailure> {
    let report = Report::parse(&json!({"a": value, "b": ""}).to_string()).unwrap();
    let variables = Variables {
        report: &report,
        report_id: "01890a5d-ac96-874b-bcce-b302099a8058".parse().unwrap(),
        webhook_id: "01890a5d-ac96-774b-bcce-b302099a8057".parse().unwrap(),
        now: Timestamp::UNIX_EPOCH,
        zone: TimeZone::UTC,
        mask: Mask::default(),
    };
    let token = |_: &str| Some("s/t");
    let scope = Scope::new(&variables, Secrets::Known(&token));
    let url = compile(template).unwrap().render(&scope);
    url.map(String::from).map_err(|error| error.reason)
}

#[test]
fn values_stay_in_their_segment_and_parameter() {
    for (template, value, expected) in [
        ("https://h.io/{{a}}/x", "a/../b", "https://h.io/a%2F..%2Fb/x"),
        ("https://h.io/?q={{a}}", "a&b=c#d", "https://h.io/?q=a%26b%3Dc%23d"),
        ("https://h.io?q={{a}}", "1", "https://h.io/?q=1"),
        ("https://h.io/%token%", "", "https://h.io/s%2Ft"),
        ("https://h.io/%20{{a}}%C3%BC", "%2e", "https://h.io/%20%252e%C3%BC"),
        ("https://h.io/%{{a}}", "41", "https://h.io/%2541"),
        ("https://u:p%40@h.io:8443/{{a}}", "ü~", "https://u:p%40@h.io:8443/%C3%BC~"),
        ("https://h.io/{{ a | upcase }}", "x y", "https://h.io/X%20Y"),
        ("https://h.io/{{a}}//", "", "https://h.io///"),
        ("https://h.io/a/../b?x={{a}}", "..", "https://h.io/b?x=.."),
        ("https://h.io/{{a}}", "...", "https://h.io/..."),
    ] {
        assert_eq!(render(template, value).unwrap(), expected, "{template}");
    }
}

#[test]
fn a_value_cannot_add_a_dot_segment() {
    for (template, value) in [
        ("https://h.io/a/{{a}}/b", ".."),
        ("https://h.io/a/{{a}}", "."),
        ("https://h.io/a/{{a}}{{a}}", "."),
        ("https://h.io/a/.{{a}}", "."),
        ("https://h.io/a/%2e{{a}}", "."),
        ("https://h.io/a/.{{b}}{{a}}?x", ""),
    ] {
        let failure = render(template, value).unwrap_err();
        assert_eq!(failure, RenderFailure::DotSegment, "{template}");
    }
}

#[test]
fn scheme_host_port_and_user_are_literal() {
    for template in [
        "{{a}}",
        "https://{{a}}/",
        "https://h.io{{a}}/",
        "https://h.io:{{a}}/",
        "https://{{a}}@h.io/",
        "https://u:%token%@h.io/",
        "%token%://h.io/",
        "https:{{a}}//h.io/",
        "{{a}}https://h.io/",
    ] {
        let error = compile(template).unwrap_err();
        assert!(error.contains("scheme, host and port"), "{template}: {error}");
    }
}

#[test]
fn literal_parts_follow_the_rules_of_every_webhook() {
    let long = format!("https://h.io/{}", "x".repeat(2_048));
    for (template, why) in [
        ("ftp://h.io/{{a}}", "https:// or http://"),
        ("https://h.io/{{a}}#{{b}}", "fragment"),
        ("https://h.io/a b/{{a}}", "spaces"),
        ("https://h.io\\{{a}}", "must not contain `\\`"),
        ("https://h.io/\\..\\{{a}}", "must not contain `\\`"),
        ("https:///{{a}}", "scheme, host and port"),
        ("/{{a}}", "scheme, host and port"),
        (&long, "2048 characters"),
    ] {
        let error = compile(template).unwrap_err();
        assert!(error.contains(why), "{template}: {error}");
    }
}
