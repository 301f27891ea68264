//! Checks the recipes of `docs/composing.md`: each `json webhook` block is valid settings, and renders the `http` block
//! after it for the page's report.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "the helpers of a test fail it")]

use callhook::domain::report::{DefaultPayload, Report};
use callhook::domain::request::{ReportView, WebhookRequest};
use callhook::domain::time_zone::time_zone;
use callhook::domain::webhook::{Webhook, WebhookDraft};
use callhook::input::fields::FieldError;
use jiff::Timestamp;

const PAGE: &str = include_str!("../../docs/composing.md");

/// The fenced blocks of a kind, in order, each with the text after it.
fn blocks<'a>(text: &'a str, kind: &str) -> Vec<(&'a str, &'a str)> {
    let fence = format!("```{kind}\n");
    text.split(&fence)
        .skip(1)
        .map(|rest| rest.split_once("\n```").expect("a closing fence"))
        .collect()
}

/// A request in the page's format, without the headers that every request has.
fn formatted(request: &WebhookRequest) -> String {
    let mut text = format!("{} {}\n", request.method, request.url);
    for (name, value) in &request.headers {
        if !name.as_str().starts_with("webhook-") {
            let value = value.to_str().expect("a readable header");
            text.extend([name.as_str(), ": ", value, "\n"]);
        }
    }
    if let Some(body) = &request.body {
        let body = std::str::from_utf8(body).expect("a readable body");
        text.push('\n');
        text.push_str(&body.trim_end().replace("\r\n", "\n"));
    }
    text.trim_end().to_owned()
}

#[test]
fn every_recipe_renders_the_request_on_the_page() {
    let (report, _) = blocks(PAGE, "json report")[0];
    let report = Report::parse(report).unwrap();
    let now: Timestamp = "2021-04-09T10:58:00Z".parse().unwrap();
    let zone = time_zone("Asia/Kolkata").unwrap();
    let id = "0178b776-1ef8-8b84-b3cc-9e478dccfe28".parse().unwrap();
    let view = ReportView { id, report: &report, zone: &zone };
    let payload = DefaultPayload::new(&report, now);

    let recipes = blocks(PAGE, "json webhook");
    assert!(recipes.len() >= 10, "{} recipes", recipes.len());
    for (settings, after) in recipes {
        let mut settings: serde_json::Map<_, _> = serde_json::from_str(settings).expect(settings);
        settings.insert("name".to_owned(), "recipe".into());
        let draft = WebhookDraft::create(&settings, now)
            .unwrap_or_else(|errors| panic!("{settings:?}: {errors}"));
        let webhook = Webhook::new(draft, now);
        let draft = WebhookDraft::create(&settings, now).unwrap();
        let request = WebhookRequest::render(&webhook, &draft.composer, view, now, || &payload)
            .unwrap_or_else(|error| panic!("{settings:?}: {error}"));
        let expected = blocks(after, "http").first().map_or("", |(request, _)| *request);
        assert_eq!(formatted(&request), expected, "the request of {settings:?}");
        let of_signature = |it: &FieldError| it.message.contains("webhook-url-signature");
        let warnings: Vec<_> =
            draft.warnings().into_iter().filter(|it| !of_signature(it)).collect();
        assert!(warnings.is_empty(), "{warnings:?}");
    }
}
