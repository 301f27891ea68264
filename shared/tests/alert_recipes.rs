//! Checks that the recipes of `docs/recipes.md` render each operational event in the format of the receiving service,
//! and that the page shows the result for `webhook.failing`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "the helpers of a test fail it"
)]

use callhook::domain::delivery::SuccessCodes;
use callhook::domain::delivery::{DeliveryKey, OutcomeExplanation};
use callhook::domain::ids::{ReportId, WebhookId};
use callhook::domain::operational::OperationalEvent;
use callhook::domain::report::DefaultPayload;
use callhook::domain::request::{ReportView, WebhookRequest};
use callhook::domain::time_zone::time_zone;
use callhook::domain::webhook::{DisabledReason, Webhook, WebhookDraft};
use callhook::ports::alerts::{alert_body, alert_subject, alert_text};
use jiff::Timestamp;
use serde_json::{Map, Value};

const PAGE: &str = include_str!("../../docs/recipes.md");

/// The only block of a kind, and the text after it.
fn block(kind: &str) -> (&'static str, &'static str) {
    let fence = format!("```{kind}\n");
    let (_, rest) = PAGE.split_once(&fence).unwrap_or_else(|| panic!("no block of {kind}"));
    assert!(!rest.contains(&fence), "two blocks of {kind}");
    rest.split_once("\n```").expect("a closing fence")
}

fn settings(kind: &str) -> Map<String, Value> {
    serde_json::from_str(block(kind).0).unwrap_or_else(|error| panic!("{kind}: {error}"))
}

fn now() -> Timestamp {
    Timestamp::from_second(1_700_000_930).unwrap()
}

/// One event of each type.
fn events() -> Vec<OperationalEvent> {
    let webhook_id: WebhookId = "01890a5d-ac96-774b-bcce-b302099a8057".parse().unwrap();
    let report_id: ReportId = "0178b776-1ef8-8b84-b3cc-9e478dccfe28".parse().unwrap();
    let since = Timestamp::from_second(1_700_000_000).unwrap();
    let key = DeliveryKey { webhook_id, report_id };
    let webhook_name = "CRM".to_owned();
    let reason = OutcomeExplanation::new(Ok(503), &SuccessCodes::default()).to_string();
    vec![
        OperationalEvent::WebhookFailing {
            webhook_id,
            webhook_name: webhook_name.clone(),
            since,
            failures: 15,
            reason: reason.clone(),
        },
        OperationalEvent::WebhookRecovered {
            webhook_id,
            webhook_name: webhook_name.clone(),
            since,
        },
        OperationalEvent::WebhookDisabled {
            webhook_id,
            webhook_name,
            version: 2,
            reason: DisabledReason::Failing,
            at: now(),
        },
        OperationalEvent::DeliveryFailed { key, attempts: 9, reason, at: since },
        OperationalEvent::DeliveryRecovered { key, at: since },
    ]
}

/// The bodies that a recipe renders, with the event's type. Checks that the page shows that of `webhook.failing`.
fn rendered(kind: &str) -> Vec<(&'static str, Value)> {
    let settings = settings(kind);
    let draft = WebhookDraft::create(&settings, now()).unwrap_or_else(|error| panic!("{error}"));
    let warnings = draft.warnings();
    assert!(warnings.is_empty(), "{kind}: {warnings:?}");
    let composer = WebhookDraft::create(&settings, now()).unwrap().composer;
    let webhook = Webhook::new(draft, now());
    let account = "acme".parse().unwrap();
    let zone = time_zone("Asia/Kolkata").unwrap();
    let render = |event: &OperationalEvent| {
        let message = event.delivery(&account, webhook.id, now()).unwrap();
        let view =
            ReportView { id: message.report_id.into(), report: &message.report, zone: &zone };
        let payload = DefaultPayload::new(&message.report, now());
        let request = WebhookRequest::render(&webhook, &composer, view, now(), || &payload)
            .unwrap_or_else(|error| panic!("{kind} of {}: {error}", event.name()));
        assert!(!request.url.as_str().contains("%25"), "{}", request.url);
        assert_eq!(request.headers["content-type"], "application/json");
        (event.name(), serde_json::from_slice(&request.body.unwrap()).unwrap())
    };
    let bodies: Vec<(_, Value)> = events().iter().map(render).collect();
    let (_, after) = block(kind);
    let shown = after.split_once("```json\n").unwrap().1.split_once("\n```").unwrap().0;
    let shown: Value = serde_json::from_str(shown).unwrap();
    assert_eq!(bodies[0], ("webhook.failing", shown), "{kind}: the body on the page");
    bodies
}

/// A non-empty text of at most `max` characters, without placeholders.
fn text<'a>(value: &'a Value, max: usize, of: &str) -> &'a str {
    let text = value.as_str().unwrap_or_else(|| panic!("{of}: {value} is not a string"));
    let length = text.chars().count();
    assert!((1..=max).contains(&length), "{of}: {length} characters");
    assert!(!text.contains("{{") && !text.contains("null"), "{of}: {text}");
    text
}

#[test]
fn the_slack_recipe_renders_plain_text_blocks() {
    let mut titles = Vec::new();
    for (event, body) in rendered("json slack") {
        // The limits of Block Kit.
        text(&body["text"], 3_000, event);
        let [header, section, context] = &**body["blocks"].as_array().unwrap() else {
            panic!("{body}")
        };
        let types = [header, section, context].map(|block| block["type"].as_str().unwrap());
        assert_eq!(types, ["header", "section", "context"], "{event}");
        titles.push(text(&header["text"]["text"], 150, event).to_owned());
        text(&section["text"]["text"], 3_000, event);
        let elements = context["elements"].as_array().unwrap();
        assert!(elements.len() <= 10, "{event}");
        for plain in elements.iter().chain([&header["text"], &section["text"]]) {
            assert_eq!(plain["type"], "plain_text", "{event}");
            text(&plain["text"], 3_000, event);
        }
    }
    assert_distinct_titles(&titles);
}

#[test]
fn the_teams_recipe_renders_an_adaptive_card() {
    let mut titles = Vec::new();
    for (event, body) in rendered("json teams") {
        assert_eq!(body["type"], "message", "{event}");
        let [card] = &**body["attachments"].as_array().unwrap() else { panic!("{body}") };
        assert_eq!(card["contentType"], "application/vnd.microsoft.card.adaptive", "{event}");
        let card = &card["content"];
        assert_eq!((&card["type"], &card["version"]), (&"AdaptiveCard".into(), &"1.4".into()));
        let [title, sentence, facts] = &**card["body"].as_array().unwrap() else {
            panic!("{card}")
        };
        assert_eq!((&title["type"], &sentence["type"]), (&"TextBlock".into(), &"TextBlock".into()));
        titles.push(text(&title["text"], 150, event).to_owned());
        text(&sentence["text"], 3_000, event);
        assert_eq!(facts["type"], "FactSet", "{event}");
        for fact in facts["facts"].as_array().unwrap() {
            text(&fact["title"], 100, event);
            text(&fact["value"], 1_000, event);
        }
    }
    assert_distinct_titles(&titles);
}

#[test]
fn the_mail_recipe_renders_an_e_mail() {
    for (event, body) in rendered("json mail") {
        for name in ["From", "To"] {
            assert!(text(&body[name], 254, event).contains('@'), "{event}");
        }
        let subject = text(&body["Subject"], 200, event);
        assert!(subject.contains(event) && !subject.contains('\n'), "{subject}");
        text(&body["TextBody"], 10_000, event);
    }
}

/// Checks that the titles of all events differ, and that none is a bare event type.
fn assert_distinct_titles(titles: &[String]) {
    let distinct: std::collections::BTreeSet<_> = titles.iter().collect();
    assert_eq!(distinct.len(), 5, "{titles:?}");
    assert!(titles.iter().all(|title| !title.contains('.')), "{titles:?}");
}

#[test]
fn the_page_shows_the_messages_of_the_topic() {
    let (account, events) = ("acme".parse().unwrap(), events());
    let event = &events[0];
    let mail =
        format!("{}\n\n{}", alert_subject(&account, event), alert_text(&account, event, now()));
    assert_eq!(block("mail").0, mail.trim_end());
    let alert: Value = serde_json::from_str(block("json alert").0).unwrap();
    assert_eq!(alert, alert_body(&account, event, now()));
}

#[test]
fn the_filter_policy_of_the_page_uses_known_attributes_and_events() {
    let (_, rest) = PAGE.split_once("--attributes '").unwrap();
    let (attributes, _) = rest.split_once('\'').unwrap();
    let attributes: Value = serde_json::from_str(attributes).unwrap();
    let policy: Value = serde_json::from_str(attributes["FilterPolicy"].as_str().unwrap()).unwrap();
    let names: Vec<_> = events().iter().map(OperationalEvent::name).collect();
    let wanted = policy["type"].as_array().unwrap();
    assert!(wanted.iter().all(|name| names.contains(&name.as_str().unwrap())), "{policy}");
    assert_eq!(policy.as_object().unwrap().len(), 1, "{policy}");
}
