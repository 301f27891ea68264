use jiff::Timestamp;
use serde_json::Value;

use crate::domain::compose::Variables;
use crate::domain::compose::compiler::Compiler;
use crate::domain::compose::escaping::Context;
use crate::domain::compose::output::Output;
use crate::domain::compose::scope::Scope;
use crate::domain::compose::secrets::Secrets;
use crate::domain::report::{Mask, Report};
use crate::domain::time_zone::time_zone;

const REPORT: &str = r#"{"to": 918867130000, "duration": "23", "status": "ANSWER", "hollow": "",
    "no": false, "yes": true, "null": null, "name": "Ünal Ça", "float": 1.50, "big":
    123456789012345678901234567890123456789, "start_at": "2021-04-09 16:27:39", "never":
    "0000-00-00 00:00:00", "list": ["b", "a", "b", null, "C"], "numbers": [10, 9.5, "8"],
    "nested": {"a b": [{"c": 1}], "size": "own"}, "html": "<p>a<br/>b<script>x<y</script></p><",
    "lines": "a\r\nb\n", "text": "  a  b  ", "format": "%d %!",
    "hollow_list": [], "hollow_object": {}, "object": {"b": 1.50, "a": [null, true, "x\"y"]},
    "exponent": 1e3, "masked": "XXXX0000", "zero": "007"}"#;

fn render(expression: &str) -> String {
    let mut report: Value = serde_json::from_str(REPORT).unwrap();
    report["long"] = "x".repeat(257).into();
    let report = Report::parse(&report.to_string()).unwrap();
    let variables = Variables {
        report: &report,
        report_id: "01890a5d-ac96-874b-bcce-b302099a8058".parse().unwrap(),
        webhook_id: "01890a5d-ac96-774b-bcce-b302099a8057".parse().unwrap(),
        now: Timestamp::from_second(1_617_965_859).unwrap(),
        zone: time_zone("Asia/Kolkata").unwrap(),
        mask: Mask::default(),
    };
    let names = std::collections::BTreeSet::new();
    let mut compiler = Compiler::new(&names);
    let text = format!("{{{{ {expression} }}}}");
    let Some(template) = compiler.template("f", Context::MultipartValue, &text) else {
        return format!("refused: {}", compiler.errors);
    };
    let mut out = Output::with_limit(1_000_000);
    match template.render(&mut out, &Scope::new(&variables, Secrets::Hidden)) {
        Ok(()) => out.into_text(),
        Err(error) => error.to_string(),
    }
}

/// Checks a table: each line is an expression, ` => ` and the rendered text in JSON.
fn check(table: &str) {
    for line in table.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (expression, expected) = line.split_once(" =>").unwrap();
        let expected: Value = serde_json::from_str(expected).unwrap();
        assert_eq!(render(expression), expected.as_str().unwrap(), "{line}");
    }
}

#[test]
fn paths_are_resolved_as_in_liquid() {
    check(
        r#"
        to => "918867130000"
        big => "123456789012345678901234567890123456789"
        float => "1.50"
        yes => "true"
        nothing => ""
        nothing.at.all => ""
        null => ""
        nested["a b"][0].c => "1"
        nested["a b"].first.c => "1"
        nested["a b"][-1].c => "1"
        nested["a b"][7].c => ""
        nested.size => "own"
        list.size => "5"
        list.last => "C"
        name.size => "7"
        to.size => "12"
        status.first => ""
        webhook_id => "01890a5d-ac96-774b-bcce-b302099a8057"
        webhook_id.size => "36"
        list => "babC"
        "#,
    );
}

#[test]
fn text_filters_render_as_expected() {
    check(
        r#"
        status|append:"-"|append: duration => "ANSWER-23"
        status | prepend: '> ' => "> ANSWER"
        name | upcase => "ÜNAL ÇA"
        name|upper => "ÜNAL ÇA"
        name | downcase => "ünal ça"
        name|lower => "ünal ça"
        status | capitalize => "Answer"
        text | strip => "a  b"
        text | lstrip => "a  b  "
        text | rstrip => "  a  b"
        lines | strip_newlines => "ab"
        lines | newline_to_br => "a<br />\nb<br />\n"
        html | strip_html => "ab<"
        "a<script>b" | strip_html => "a"
        object => "{\"b\":1.50,\"a\":[null,true,\"x\\\"y\"]}"
        exponent => "1e+3"
        numbers | first | append: "x" => "10x"
        numbers => "109.58"
        "<a href='x'>&amp;" | escape => "&lt;a href=&#39;x&#39;&gt;&amp;amp;"
        "1 < 2 &amp; 3" | escape_once => "1 &lt; 2 &amp; 3"
        "a b+c/ü" | url_encode => "a+b%2Bc%2F%C3%BC"
        "a+b%2Bc%2F%C3%BC" | url_decode => "a b+c/ü"
        status | replace: "N", "nn" => "AnnSWER"
        "aaa" | replace_first: "a", "b" => "baa"
        "ab" | replace: "", "-" => "-a-b-"
        "aXbX" | remove: "X" => "ab"
        "aXbX" | remove_first: "X" => "abX"
        nothing | append: "x" => "x"
        status | append: nothing => "ANSWER"
        "#,
    );
}

#[test]
fn default_replaces_nothing_false_and_empty() {
    check(
        r#"
        nothing | default: 'n/a' => "n/a"
        hollow | default: 'n/a' => "n/a"
        no | default: 'n/a' => "n/a"
        null | default: 'n/a' => "n/a"
        yes | default: 'n/a' => "true"
        hollow_list | default: 'n/a' => "n/a"
        hollow_object | default: 'n/a' => "n/a"
        object | default: 'n/a' | size => "2"
        hollow_object | size => "0"
        float | size => "4"
        no | default: 'yes', allow_false: true => "false"
        no | default: 'yes', allow_false: yes => "false"
        no | default: allow_false: true, 'yes' => "false"
        no | default: 'yes', allow_false: false => "yes"
        no | default: 'yes', allow_false: nothing => "yes"
        nothing | default: 'yes', allow_false: true => "yes"
        hollow | default: 'yes', allow_false: true => "yes"
        hollow_list | default: 'yes', allow_false: true => "yes"
        yes | default: 'yes', allow_false: true => "true"
        status | default: 'n/a' => "ANSWER"
        nothing | default: duration => "23"
        "#,
    );
}

#[test]
fn sizes_and_slices_count_characters() {
    check(
        r#"
        to|slice:-10 => "8867130000"
        to | slice: 2, 4 => "8867"
        name | slice: 1 => "nal Ça"
        name | slice: -2, 1 => "Ç"
        name | slice: 0, -3 => "Ünal"
        name | slice: 99 => ""
        name | slice: -99 => "Ünal Ça"
        name | slice: 2, 0 => ""
        list | slice: 1, 2 | join => "a b"
        name | size => "7"
        nothing | size => "0"
        list | size => "5"
        name | truncate: 6 => "Üna..."
        name | truncate: 7 => "Ünal Ça"
        name | truncate: 3, "…" => "Ün…"
        "a b  c d" | truncatewords: 2 => "a b..."
        "a b" | truncatewords: 2 => "a b"
        status | slice: 'x' => "`f` cannot be rendered: the filter `slice` takes a whole number"
        "#,
    );
}

#[test]
fn list_filters_render_as_expected() {
    check(
        r#"
        "a,b,,c,," | split: "," | join: "|" => "a|b||c"
        " a  b " | split: " " | join: "|" => "a|b"
        "aüc" | split: "" | join: "|" => "a|ü|c"
        "" | split: "," | size => "0"
        "a-b" | split: "-" | last => "b"
        status | first => "ANSWER"
        nothing | first => ""
        list | reverse | join => "C  b a b"
        list | sort | join: "," => "C,a,b,b,"
        numbers | sort | join: "," => "8,9.5,10"
        list | uniq | join: "," => "b,a,,C"
        list | compact | join: "," => "b,a,b,C"
        numbers | concat: list | size => "8"
        numbers | concat: 1 => "`f` cannot be rendered: the filter `concat` takes a list"
        "#,
    );
}

#[test]
fn times_are_formatted_in_the_accounts_zone() {
    check(
        r#"
        start_at | date_format: 'd/m/Y' => "09/04/2021"
        start_at|date_format:'H:i' => "16:27"
        start_at | date_format: 'c' => "2021-04-09T16:27:39+05:30"
        "2021-04-09T10:57:39Z" | date_format: 'Y-m-d H:i:s' => "2021-04-09 16:27:39"
        1617965859 | date_format: 'U H' => "1617965859 16"
        'now' | date_format: 'Y' => "2021"
        start_at_unix | date_format: 'H' => "16"
        start_at_iso8601 => "2021-04-09T16:27:39+05:30"
        start_at | date: '%d %b %Y' => "09 Apr 2021"
        start_at | date: '%' => "%"
        start_at | date: '%Y-%m-%dT%H:%M:%S.%LZ' => "2021-04-09T16:27:39.000Z"
        start_at | date: format => "09 %!"
        start_at | date: long => "`f` cannot be rendered: the filter `date` takes a format of at most 256 bytes"
        start_at | date_format: '\a\t H' => "at 16"
        never | date_format: 'Y' => "0000-00-00 00:00:00"
        nothing | date_format: 'Y' => ""
        status | date: '%Y' => "ANSWER"
        "#,
    );
}

#[test]
fn json_is_the_value_with_its_type_and_digits() {
    check(
        r#"
        to | json => "918867130000"
        big | json => "123456789012345678901234567890123456789"
        float | json => "1.50"
        exponent | json => "1e+3"
        duration | json => "\"23\""
        yes | json => "true"
        no | json => "false"
        null | json => "null"
        nothing | json => "null"
        hollow | json => "\"\""
        'a"b' | json => "\"a\\\"b\""
        object | json => "{\"b\":1.50,\"a\":[null,true,\"x\\\"y\"]}"
        object.a | json => "[null,true,\"x\\\"y\"]"
        object.b | json => "1.50"
        hollow_object | json => "{}"
        hollow_list | json => "[]"
        list | json => "[\"b\",\"a\",\"b\",null,\"C\"]"
        numbers | json => "[10,9.5,\"8\"]"
        numbers | first | json => "10"
        numbers | sort | json => "[\"8\",9.5,10]"
        numbers | reverse | slice: 1, 1 | json => "[9.5]"
        nested["a b"] | first | json => "{\"c\":1}"
        nested["a b"] | concat: numbers | json => "[{\"c\":1},10,9.5,\"8\"]"
        duration | plus: 1 | json => "24"
        duration | divided_by: 2.0 | json => "11.5"
        big | slice: 0, 20 | plus: 0 | json => "12345678901234567890"
        duration | at_least: 3.0 | json => "23"
        list | size | json => "5"
        billing | default: 0 | json => "0"
        object | default: 0 | json => "{\"b\":1.50,\"a\":[null,true,\"x\\\"y\"]}"
        5.0 | json => "5.0"
        -7 | json => "-7"
        0.25 | json => "0.25"
        empty | json => "\"\""
        status | json | json => "\"\\\"ANSWER\\\"\""
        start_at_unix | json => "\"1617965859\""
        status | split: "S" | json => "[\"AN\",\"WER\"]"
        "#,
    );
    let huge = format!("1{}.0 | json", "0".repeat(400));
    assert_eq!(render(&huge), "null");
}

#[test]
fn number_is_a_json_number_or_fails() {
    let needs = "`f` cannot be rendered: the filter `number` needs a number";
    let as_json = "`f` cannot be rendered: the filter `number` needs a JSON number: digits without a leading `0` or `+`";
    let nothing =
        format!("{needs}, but the input is empty; `| default: 0 | number` sends 0 instead");
    for (expression, expected) in [
        ("duration | number", "23"),
        ("to | number", "918867130000"),
        ("big | number", "123456789012345678901234567890123456789"),
        ("float | number", "1.50"),
        ("exponent | number", "1e+3"),
        ("' 23 ' | number", "23"),
        ("start_at_unix | number", "1617965859"),
        ("duration | divided_by: 60.0 | round: 2 | number", "0.38"),
        ("duration | number | plus: 1 | json", "24"),
        ("billing | default: 0 | number", "0"),
        ("billing | number", &nothing),
        ("hollow | number", &nothing),
        ("status | number", as_json),
        ("masked | number", as_json),
        ("zero | number", as_json),
        ("'+91886713' | number", as_json),
        ("yes | number", as_json),
        ("list | number", as_json),
        ("object | number", as_json),
        ("'1,5' | number", as_json),
    ] {
        assert_eq!(render(expression), expected, "{expression}");
    }
}

#[test]
fn every_filter_has_a_unique_name() {
    let mut names: Vec<_> = super::all().map(|filter| filter.name).collect();
    let count = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), count);
}

mod numbers;
