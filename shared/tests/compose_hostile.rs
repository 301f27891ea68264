//! The cost of hostile templates and reports until they are refused: at most 1 MiB of memory and 5 ms. The memory is
//! asserted exactly, the time with a factor of 100, so that a busy machine fails no build; it is printed.
//!
//! One test, because the allocator counts for the whole process.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "the helpers of a test fail it")]

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use callhook::domain::compose::{ComposeSettings, Composer, Secrets, Variables};
use callhook::domain::report::{Mask, Report};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use peak_alloc::PeakAlloc;
use serde_json::{Map, Value, json};

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

const MAX_BYTES: usize = 1024 * 1024;
const MAX_TIME: Duration = Duration::from_millis(5);
/// Values in a body: the API accepts 10,000 in a request (`http_api::JsonObject::MAX_VALUES`).
const VALUES: usize = 9_900;

fn settings(body: &Value, headers: Map<String, Value>) -> ComposeSettings {
    let mut object = Map::new();
    object.insert("url".to_owned(), json!("https://h.example/"));
    object.insert("headers".to_owned(), headers.into());
    object.insert("body".to_owned(), body.clone());
    ComposeSettings::parse(&object).unwrap()
}

fn compile(settings: &ComposeSettings) -> Result<Composer, String> {
    let names = BTreeSet::from(["t".to_owned()]);
    Composer::compile_new(settings, &names).map_err(|errors| errors.to_string())
}

/// Runs `work` and checks its additional memory and its time.
fn measured<T>(name: &str, work: impl FnOnce() -> T) -> T {
    let before = MEMORY.current_usage();
    MEMORY.reset_peak_usage();
    let start = Instant::now();
    let result = work();
    let time = start.elapsed();
    let bytes = MEMORY.peak_usage() - before;
    println!("{name}: {} µs, {} KiB", time.as_micros(), bytes / 1024);
    assert!(bytes <= MAX_BYTES, "{name} took {bytes} bytes");
    // Tests are built without optimization and run on busy machines.
    assert!(time <= MAX_TIME * 100, "{name} took {time:?}");
    result
}

/// Checks that `estimate` covers the memory allocated since a usage of `before`.
fn assert_covers(name: &str, estimate: usize, before: usize) {
    let used = MEMORY.current_usage() - before;
    println!("{name}: uses {used} bytes, estimated {estimate}");
    assert!(used <= estimate, "{name}: uses {used} bytes, not {estimate}");
}

/// Repeats `text` to the largest size of a body.
fn fill(text: &str) -> String {
    text.repeat(65_000 / text.len())
}

fn hostile_templates() -> Vec<(&'static str, Value)> {
    let filters = |text: &str| format!("{{{{ a {} }}}}", text.repeat(62_000 / text.len()));
    let one = |template: String| json!({"format": "json", "template": template});
    let many = |text: &str| {
        let values = vec![text; 62_000 / (text.len() + 3)];
        json!({"format": "json", "template": values})
    };
    let pairs: Map<String, Value> =
        (0..3_000).map(|i| (format!("a{i}"), json!("{{ a | x }}"))).collect();
    let limit = |expression: &str| fill(expression).get(..16_000).unwrap_or_default().to_owned();
    let mut late = vec!["{{a|slice:1|append:'xxxxx'|upcase}}"; 390];
    late.push("{{ a b }}");
    vec![
        (
            "a mistake after expressions up to the limit",
            json!({"format": "json", "template": late}),
        ),
        ("nested filters", one(filters("| append: a "))),
        ("filters with quotes", one(filters("| append: 'aaaaaaaaaaaaaaaa' "))),
        ("expressions", one(fill("{{a}}"))),
        ("expressions with filters", one(fill("{{a|upcase|downcase|upcase}}"))),
        ("expressions up to the limit", one(limit("{{a|slice:1|append:'xxxxxxxxxxxx'}}"))),
        ("secrets", one(fill("%t%"))),
        ("secrets in a list", many("%t%")),
        (
            "secrets below a long name",
            json!({"format": "json", "template":
                {(format!("x{}", "ü".repeat(15_000))): vec!["%t%"; 5_500]}}),
        ),
        ("secrets that are not there", many("%u%")),
        ("unclosed expressions", one(fill("{{ "))),
        ("an unclosed quote", one(format!("{{{{'{}", "x".repeat(62_000)))),
        ("an expression of spaces", one(format!("{{{{{}}}}}", " ".repeat(62_000)))),
        ("brackets", one(format!("{{{{{}}}}}", "a[".repeat(500)))),
        ("tags", one(fill("{% if a %}"))),
        ("mistakes in a list", many("{{ a | x }}")),
        ("mistakes of the parser in a list", many("{{ a b }}")),
        ("mistakes in a form", json!({"format": "form", "template": pairs})),
        ("a list in a form", json!({"format": "form", "template": vec![0; 30_000]})),
        ("a value that is too large", one("x".repeat(70_000))),
        ("colons", one(format!("{{{{a|{}}}}}", "date:':'".repeat(120)))),
        ("names of arguments", one(format!("{{{{a|default:{}1}}}}", "a:1,".repeat(240)))),
        ("formats", many("{{a|date:'%Q'}}")),
    ]
}

/// Templates of the largest size: accepted, and cheap.
fn large_templates() -> Vec<(&'static str, Value)> {
    vec![
        (
            "expressions below a long name",
            json!({"format": "json", "template":
                {(format!("x{}", "ü".repeat(30_000))): vec!["{{a}}"; 390]}}),
        ),
        (
            "expressions below long names",
            json!({"format": "json", "template": (0..30).fold(json!(vec!["{{a}}"; 390]), |inner, _| {
                json!({("n".repeat(64)): inner})
            })}),
        ),
        (
            "expressions with filters",
            json!({"format": "json", "template": vec!["{{a|slice:1|append:'xx'|upcase}}"; 390]}),
        ),
        ("secrets", json!({"format": "json", "template": vec!["%t%"; 390]})),
        (
            "JSON values",
            json!({"format": "json", "template": vec!["{{a|plus:1|number|json}}"; 390]}),
        ),
        (
            "named arguments",
            json!({"format": "json", "template": vec!["{{a|default:b,allow_false:c}}"; 390]}),
        ),
        (
            "unknown variables",
            json!({"format": "json", "template":
                (0..390).map(|i| format!("{{{{{}{i}}}}}", "a".repeat(30))).collect::<Vec<_>>()}),
        ),
        ("placeholders", json!({"format": "json", "template": fill("{to")})),
        ("open placeholders", json!({"format": "json", "template": fill("[[<{:a")})),
        ("numbers", json!({"format": "json", "template": vec![0; VALUES]})),
        ("empty lists", json!({"format": "json", "template": vec![json!([]); VALUES]})),
        ("short texts", json!({"format": "json", "template": vec!["a"; VALUES]})),
        (
            "short names",
            json!({"format": "json", "template":
                (0..6_000).map(|i| (format!("{i}"), json!(0))).collect::<Map<_, _>>()}),
        ),
    ]
}

/// Expressions that multiply a report's value.
const EXPLOSIONS: [&str; 28] = [
    "{{ a | append: a | append: a | append: a | append: a | append: a | append: a }}",
    "{{ a | prepend: a | prepend: a | prepend: a | prepend: a }}",
    "{{ a | replace: '', a }}",
    "{{ a | replace: 'x', a }}",
    "{{ a | replace: 'x', 'xxxxxxxxxxxxxxxx' | replace: 'x', 'xxxxxxxxxxxxxxxx' }}",
    "{{ a | split: '' | join: a }}",
    "{{ a | split: 'x' | join: a }}",
    "{{ a | split: '' | sort | uniq | reverse | concat: list }}",
    "{{ list | concat: list | concat: list | concat: list | concat: list }}",
    "{{ list | sort | join: a }}",
    "{{ list | append: list | append: list }}",
    "{{ a | escape | escape | escape | escape | escape }}{{ a }}{{ a }}{{ a }}{{ a }}{{ a }}",
    "{{ a | url_encode | url_encode | url_encode }}{{ a }}{{ a }}{{ a }}{{ a }}{{ a }}",
    "{{ a | upcase | downcase | upcase | downcase | upcase | downcase | upcase }}",
    "{{ nested }}{{ nested }}{{ nested }}{{ nested }}{{ nested }}",
    "{{ a | date_format: a }}",
    "{{ a | plus: a }}",
    "{{ a | at_most: a | at_most: a | at_most: a | at_most: a | at_most: a }}",
    "{{ a | slice: a | slice: a | slice: a | slice: a | slice: a | slice: a }}",
    "{{ a | strip_html | strip_html | strip_html | strip_html | strip_html }}",
    "{{ a | json | json | json | json | json | json | json | json }}",
    "{{ nested | json }}{{ list | json }}{{ nested | json }}{{ list | json }}",
    "{{ list | concat: nested | json | json | json | json | json }}",
    "{{ a | number }}{{ a | number }}{{ a | number }}{{ a | number }}{{ a | number }}",
    "{{ a | date: a }}",
    "{{ 'now' | date: '%99+%99c%99N%99d%99::z%99+%99c%99N%99d%99::z%99+%99c%99N%99d%99::z' }}",
    "{{ a | default: a, allow_false: a | default: a, allow_false: list }}{{ a }}{{ a }}{{ a }}",
    "{{ a | size }}{{ a.size }}{{ a | slice: 0, 1 }}{{ a | size }}{{ a | slice: -1 }}",
];

fn reports() -> Vec<(&'static str, Report)> {
    let report = |a: String, list: Value, nested: Value| {
        let report = json!({"a": a, "list": list, "nested": nested});
        Report::parse(&report.to_string()).unwrap()
    };
    let deep = (0..Report::MAX_DEPTH - 3).fold(json!(1), |inner, _| json!([inner, "x"]));
    vec![
        ("text", report("x".repeat(60_000), json!(["x"]), json!(1))),
        ("blanks", report(" ".repeat(60_000), json!(["x"]), json!(1))),
        ("zeros", report("0".repeat(60_000), json!(["0"]), json!(1))),
        ("wide text", report("ΐ".repeat(28_000), json!(["x"]), json!(1))),
        ("quotes", report("\"".repeat(30_000), json!(["x"]), json!(1))),
        ("list", report("x".repeat(20_000), json!(vec!["y".repeat(150); 200]), deep)),
        ("tags", report("<styled><script".repeat(4_000), json!(["x"]), json!(1))),
        ("open tags", report("<".repeat(60_000), json!(["x"]), json!(1))),
        ("digits", report("9".repeat(60_000), json!([1.5]), json!({"to": vec![0.5; 200]}))),
        ("empty", report(String::new(), json!([]), json!({}))),
    ]
}

#[test]
fn hostile_templates_and_reports_are_refused_cheaply() {
    // The table of filters is created once per process.
    let plain = settings(&json!({"format": "json", "template": "{{to}}"}), Map::new());
    compile(&plain).unwrap();

    for (name, body) in hostile_templates() {
        let settings = settings(&body, Map::new());
        let result = measured(name, || compile(&settings));
        assert!(result.is_err(), "{name} was accepted");
    }
    for (name, body) in large_templates() {
        let before = MEMORY.current_usage();
        let settings = settings(&body, Map::new());
        assert_covers(name, settings.memory_bytes(), before);
        let before = MEMORY.current_usage();
        let result = measured(name, || compile(&settings));
        assert!(result.is_ok(), "{name}: {result:?}");
        assert_covers(name, settings.compiled_bytes(), before);
    }
    let headers: Map<String, Value> =
        (0..50).map(|i| (format!("x-{i}"), fill("{{a}}").get(..4_000).into())).collect();
    let many_headers = settings(&json!({"format": "json", "template": {}}), headers);
    assert!(measured("headers", || compile(&many_headers)).is_err());

    for (name, report) in reports() {
        for expression in EXPLOSIONS {
            let body = json!({"format": "json", "template": vec![expression; 20]});
            let composer = compile(&settings(&body, Map::new())).unwrap();
            let variables = Variables {
                report: &report,
                report_id: "01890a5d-ac96-874b-bcce-b302099a8058".parse().unwrap(),
                webhook_id: "01890a5d-ac96-774b-bcce-b302099a8057".parse().unwrap(),
                now: Timestamp::UNIX_EPOCH,
                zone: TimeZone::UTC,
                mask: Mask::default(),
            };
            let name_of_case = format!("{name}: {expression}");
            let request = measured(&name_of_case, || composer.render(&variables, Secrets::Hidden));
            let is_cheap = expression.contains("nested") || expression.contains("'now'");
            if matches!(name, "text" | "wide text") && !is_cheap {
                let is_refused = request.is_err();
                assert!(is_refused || expression.contains("list"), "{name_of_case} was rendered");
            }
        }
    }
}
