use std::collections::BTreeSet;

use serde_json::json;

use super::*;

fn errors(format: BodyFormat, template: Value) -> String {
    let names = BTreeSet::new();
    let mut compiler = Compiler::new(&names);
    BodyTemplate::compile(&BodySettings { format, template }, &mut compiler);
    compiler.errors.to_string()
}

fn fixed(format: BodyFormat, json: &str) -> String {
    let names = BTreeSet::new();
    let mut compiler = Compiler::new(&names);
    let template = serde_json::from_str(json).unwrap();
    let body = BodyTemplate::compile(&BodySettings { format, template }, &mut compiler);
    let Some(BodyTemplate::Flat { parts, .. }) = body else { panic!("{}", compiler.errors) };
    match parts.as_slice() {
        [] => String::new(),
        [BodyPart::Fixed(bytes)] => String::from_utf8(bytes.clone()).unwrap(),
        more => panic!("{more:?}"),
    }
}

#[test]
fn text_without_templates_is_sent_unchanged() {
    for json in [
        r#"{"z":12345678901234567890123,"a":[1.10,true,null,{},[],""],"q\"{{":"é\n%"}"#,
        "null",
        "[]",
        r#""text""#,
    ] {
        assert_eq!(fixed(BodyFormat::Json, json), json);
    }
    let form = r#"{"b c":"x&y","a":1.10,"t":true,"e":""}"#;
    assert_eq!(fixed(BodyFormat::Form, form), "b+c=x%26y&a=1.10&t=true&e=");
    assert_eq!(fixed(BodyFormat::Form, "{}"), "");
}

#[test]
fn forms_and_multipart_refuse_nested_values() {
    for format in [BodyFormat::Form, BodyFormat::Multipart] {
        assert_eq!(
            errors(format, json!({"a": {"b": 1}, "c": null})),
            "`body.template.a` must be a string, not an object; \
             `body.template.c` must be a string, not null"
        );
        let error = errors(format, json!(["a"]));
        assert_eq!(error, "`body.template` must be an object of strings, not an array");
    }
}

#[test]
fn depth_and_size_are_limited() {
    let nested = |depth: usize| {
        let json = format!("{}1{}", "[".repeat(depth), "]".repeat(depth));
        serde_json::from_str(&json).unwrap()
    };
    assert_eq!(errors(BodyFormat::Json, nested(32)), "");
    assert!(errors(BodyFormat::Json, nested(33)).contains("deeper than 32 levels"));
    let of_size = |size: usize| Value::from("x".repeat(size - 2));
    assert_eq!(errors(BodyFormat::Json, of_size(65_536)), "");
    assert!(errors(BodyFormat::Json, of_size(65_537)).contains("at most 65536 bytes"));
}
