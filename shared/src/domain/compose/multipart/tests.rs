use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::json;

use super::*;
use crate::domain::compose::Variables;
use crate::domain::compose::secrets::Secrets;
use crate::domain::report::{Mask, Report};

fn render(template: &Value, a: &str) -> (String, String) {
    let names = BTreeSet::new();
    let mut compiler = Compiler::new(&names);
    let compiled = MultipartTemplate::compile(template, &mut compiler).unwrap();
    let report = Report::parse(&json!({ "a": a }).to_string()).unwrap();
    let variables = Variables {
        report: &report,
        report_id: "01890a5d-ac96-874b-bcce-b302099a8058".parse().unwrap(),
        webhook_id: "01890a5d-ac96-774b-bcce-b302099a8057".parse().unwrap(),
        now: Timestamp::UNIX_EPOCH,
        zone: TimeZone::UTC,
        mask: Mask::default(),
    };
    let scope = Scope::new(&variables, Secrets::Hidden);
    let (body, content_type) = compiled.render(&scope).unwrap();
    let content_type = content_type.to_str().unwrap();
    let boundary = content_type.split_once("boundary=").unwrap().1;
    (String::from_utf8(body).unwrap(), boundary.to_owned())
}

#[test]
fn parts_have_names_values_and_a_boundary_made_of_the_content() {
    let template = json!({"who": "{{a}}", "a\"b\r\nc": "x", "n": 7});
    let (body, boundary) = render(&template, "Asha\r\n--x--\r\n");
    let expected = "--B\r\ncontent-disposition: form-data; name=\"who\"\r\n\r\n\
         Asha\r\n--x--\r\n\r\n\
         --B\r\ncontent-disposition: form-data; name=\"a%22b%0D%0Ac\"\r\n\r\nx\r\n\
         --B\r\ncontent-disposition: form-data; name=\"n\"\r\n\r\n7\r\n--B--\r\n";
    assert_eq!(body, expected.replace('B', &boundary));
    assert_eq!(render(&template, "Asha\r\n--x--\r\n"), (body, boundary.clone()));
    assert_ne!(render(&template, "other").1, boundary);
}

#[test]
fn the_boundary_occurs_in_no_value() {
    let (_, boundary) = render(&json!({"who": "{{a}}"}), "");
    let (body, other) = render(&json!({"who": "{{a}}"}), &boundary);
    assert_ne!(boundary, other);
    assert_eq!(body.matches(&other).count(), 2);
}

#[test]
fn an_object_without_members_renders_only_the_last_delimiter() {
    let (body, boundary) = render(&json!({}), "");
    assert_eq!(body, format!("--{boundary}--\r\n"));
}
