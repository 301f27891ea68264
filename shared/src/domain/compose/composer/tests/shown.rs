//! The URL for the log.

use super::*;

fn log_url(fields: &Value) -> Arc<str> {
    let (report, composer) = (report(), compiled(fields).unwrap());
    let sent = rendered(fields, &report).unwrap().url;
    composer.log_url(&sent, || variables(&report))
}

#[test]
fn the_log_shows_a_url_as_sent_without_secrets_and_passwords() {
    for (url, expected) in [
        ("HTTPS://A.example/h?a=ü", "https://a.example/h?a=%C3%BC"),
        ("https://us3r:p4ss@a.example/h", "https://•••:•••@a.example/h"),
        (
            "https://a.example/{{to}}?id={{id}}&s={{source}}",
            "https://a.example/918867130000?id=26074c32-b316-4ffa-99d7-9f6a99da56d6&s=OBD",
        ),
        ("https://a.example/%token%", "https://a.example/•••"),
        ("https://u:p@a.example/%token%/{{to}}", "https://•••:•••@a.example/•••/918867130000"),
        ("https://u:p@a.example/{{to}}", "https://•••:•••@a.example/918867130000"),
    ] {
        let shown = log_url(&json!({"url": url, "secrets": {"token": "s3cr3t"}}));
        assert_eq!(*shown, *expected, "{url}");
    }
}

#[test]
fn a_long_url_is_clipped_in_the_log() {
    let report = report();
    for text in ["https://a.example/{x}", "https://a.example/{x}?to={{to}}"] {
        let fields = json!({"url": text.replace("{x}", &"x".repeat(1_500))});
        let shown = log_url(&fields);
        assert_eq!(shown.len(), SentRequest::MAX_URL + "…".len());
        let sent = rendered(&fields, &report).unwrap().url;
        assert!(sent.as_str().starts_with(shown.trim_end_matches('…')));
    }
}

#[test]
fn a_fixed_url_is_shared_and_not_rendered_again() {
    let fields = json!({"url": "https://u:p@a.example/"});
    let (report, composer) = (report(), compiled(&fields).unwrap());
    let sent = rendered(&fields, &report).unwrap().url;
    let shown = || composer.log_url(&sent, || variables(&report));
    assert!(Arc::ptr_eq(&shown(), &shown()));
}
