//! Every request is signed, whatever its trigger.

use std::time::Duration;

use callhook::domain::delivery::{ReplayScope, Trigger};
use callhook::domain::ids::{ReplayId, ResendId, WebhookId};
use callhook::domain::request::WebhookRequest;
use callhook::domain::signing::{SigningSecret, SigningSecrets};
use callhook::domain::webhook::Rotation;
use callhook::ports::store::WebhookAdmin;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::testing::{Harness, account, delivery_message, id_of, message_at};

const FIRST: &str = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
const SECOND: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

fn header(request: &WebhookRequest, name: &str) -> String {
    request.headers[name].to_str().unwrap().to_owned()
}

/// Whether a receiver that knows `secret` verifies the request.
fn verifies(request: &WebhookRequest, secret: &str) -> bool {
    let secret = SigningSecret::parse(secret).unwrap();
    let seconds = header(request, "webhook-timestamp").parse().unwrap();
    let sent_at = Timestamp::from_second(seconds).unwrap();
    let body = request.body.clone().unwrap_or_default();
    let id = header(request, "webhook-id");
    let expected = SigningSecrets::new(secret, sent_at).sign(&id, sent_at, &body);
    header(request, "webhook-signature").split(' ').any(|signature| signature == expected)
}

fn sent(harness: &Harness) -> Vec<WebhookRequest> {
    std::mem::take(&mut *harness.receivers.sent.lock().unwrap())
}

async fn rotate(harness: &Harness, webhook: WebhookId, secret: &str, overlap: Value) {
    let current = harness.table.webhook(&account(), webhook).await.unwrap().unwrap();
    let request = json!({"secret": secret, "overlap_seconds": overlap});
    let rotation = Rotation::from_request(request.as_object().unwrap()).unwrap();
    let rotated = current.rotated(&rotation, harness.clock.now()).unwrap().unwrap();
    harness.table.replace_webhook(&account(), &rotated).await.unwrap();
}

#[tokio::test]
async fn every_method_and_body_is_signed_as_it_is_sent() {
    let harness = Harness::new().await;
    let template = json!({"to": "{{to}}", "note": "ü & \"{{status}}\""});
    for settings in [
        json!({}),
        json!({"method": "GET", "url": "http://receiver.example/200?to={{to}}"}),
        json!({"method": "PUT", "body": {"format": "json", "template": template}}),
        json!({"body": {"format": "form", "template": template}}),
        json!({"body": {"format": "multipart", "template": template}}),
    ] {
        let mut settings = settings;
        settings["secret"] = json!(FIRST);
        let webhook = harness.webhook_with("200", settings.clone()).await;
        let report = json!({"webhook_id": webhook, "to": "+91 8867", "status": "ANSWER"});
        let now = Timestamp::now();
        assert_eq!(harness.handle(&[message_at(now, std::slice::from_ref(&report))]).await, [0; 0]);
        let [request] = &*sent(&harness) else { panic!("one request for {settings}") };
        assert!(verifies(request, FIRST), "{settings}");
        assert!(!verifies(request, SECOND), "{settings}");
        assert_eq!(header(request, "webhook-id"), id_of(&report).to_string());
        assert_eq!(request.body.is_none(), settings["method"] == "GET");
        let mut flipped = request.clone();
        let mut body = flipped.body.unwrap_or_default().to_vec();
        body.push(b' ');
        flipped.body = Some(body.into());
        assert!(!verifies(&flipped, FIRST), "{settings}");
    }
}

#[tokio::test]
async fn every_attempt_has_the_same_id_and_a_time_of_its_own() {
    let harness = Harness::new().await;
    let start = Timestamp::from_second(1_800_000_000).unwrap();
    harness.clock.set(start);
    let settings = json!({"secret": FIRST, "retry": {"schedule": [60, 600]}});
    let webhook = harness.webhook_with("500", settings).await;
    let report = json!({"webhook_id": webhook});
    harness.handle(&[message_at(start, std::slice::from_ref(&report))]).await;
    harness.run_queue(Duration::from_hours(1)).await;
    let scheduled = sent(&harness);
    assert_eq!(scheduled.len(), 3);
    let replay = Trigger::Replay { id: ReplayId::generate(), only: ReplayScope::Failed };
    for trigger in [Trigger::Resend { id: ResendId::generate() }, replay] {
        harness.clock.set(harness.clock.now() + SignedDuration::from_secs(7));
        let now = harness.clock.now();
        harness.handle(&[delivery_message(now, trigger, webhook, &report)]).await;
    }
    let manual = sent(&harness);
    assert_eq!(manual.len(), 2);
    let mut last = 0;
    for request in scheduled.iter().chain(&manual) {
        assert!(verifies(request, FIRST));
        assert_eq!(header(request, "webhook-id"), id_of(&report).to_string());
        let second: i64 = header(request, "webhook-timestamp").parse().unwrap();
        assert!(second > last, "{second} after {last}");
        last = second;
    }
    assert_eq!(last, harness.clock.now().as_second());
}

#[tokio::test]
async fn a_rotation_leaves_no_request_that_either_side_cannot_verify() {
    let harness = Harness::new().await;
    let start = Timestamp::from_second(1_800_000_000).unwrap();
    harness.clock.set(start);
    let webhook = harness.webhook_with("200", json!({"secret": FIRST})).await;
    let mut signed_with = Vec::new();
    for (after, id) in [(0, "before"), (0, "during"), (59, "still"), (60, "after")] {
        if id == "during" {
            rotate(&harness, webhook, SECOND, json!(60)).await;
        }
        let now = start + SignedDuration::from_secs(after);
        harness.clock.set(now);
        harness.handle(&[message_at(now, &[json!({"id": id, "webhook_id": webhook})])]).await;
        let [request] = &*sent(&harness) else { panic!("one request {id}") };
        signed_with.push((id, verifies(request, FIRST), verifies(request, SECOND)));
    }
    let expected = [
        ("before", true, false),
        ("during", true, true),
        ("still", true, true),
        ("after", false, true),
    ];
    assert_eq!(signed_with, expected);
}

#[tokio::test]
async fn a_retry_is_signed_with_the_secrets_of_its_own_time() {
    let harness = Harness::new().await;
    let start = Timestamp::from_second(1_800_000_000).unwrap();
    harness.clock.set(start);
    let settings = json!({"secret": FIRST, "retry": {"schedule": [3600]}});
    let webhook = harness.webhook_with("500", settings).await;
    harness.handle(&[message_at(start, &[json!({"webhook_id": webhook})])]).await;
    rotate(&harness, webhook, SECOND, json!(0)).await;
    harness.run_queue(Duration::from_hours(2)).await;
    let [first, retry] = &*sent(&harness) else { panic!("two requests") };
    assert!(verifies(first, FIRST) && !verifies(first, SECOND));
    assert!(!verifies(retry, FIRST) && verifies(retry, SECOND));
}

#[tokio::test]
async fn a_bearer_secret_is_sent_and_not_logged() {
    let harness = Harness::new().await;
    let composed = json!({
        "bearer_secret": "hush-hush", "body": {"format": "json", "template": "hush-hush"},
    });
    let webhook = harness.webhook_with("echo", composed).await;
    let report = json!({"webhook_id": webhook});
    harness.handle(&[message_at(Timestamp::now(), std::slice::from_ref(&report))]).await;
    let [request] = &*sent(&harness) else { panic!("one request") };
    assert_eq!(header(request, "authorization"), "Bearer hush-hush");
    let entry = harness.entry(webhook, id_of(&report)).await.unwrap();
    let logged = format!("{:?}", entry.attempts);
    assert!(logged.contains("•••") && !logged.contains("hush"), "{logged}");
}

#[tokio::test]
async fn a_mask_hides_numbers_in_requests_and_not_in_the_log() {
    let harness = Harness::new().await;
    let mask = json!({"mask": ["from", "to"]});
    let plain = harness.webhook_with("200", mask.clone()).await;
    let mut composed = mask;
    composed["body"] =
        json!({"format": "json", "template": "{{to}} {{from | slice: 0, 8}} {{bridge}}"});
    let composed = harness.webhook_with("200", composed).await;
    let whole = harness.webhook("200").await;
    let report = json!({
        "bridge": 918_068_280_000_u64, "from": 918_919_520_000_u64, "to": "+918867130000",
        "webhook_ids": [plain, composed, whole],
    });
    harness.handle(&[message_at(Timestamp::now(), std::slice::from_ref(&report))]).await;
    let mut bodies: Vec<_> = sent(&harness)
        .iter()
        .map(|request| String::from_utf8(request.body.clone().unwrap().to_vec()).unwrap())
        .collect();
    bodies.sort_unstable();
    let end = |webhook: WebhookId| format!(r#""webhook_id":"{webhook}"}}"#);
    assert_eq!(bodies[0], r#""+XXXXXXXX0000 XXXXXXXX 918068280000""#);
    assert!(
        bodies[1].starts_with(r#"{"bridge":918068280000,"from":"XXXXXXXX0000","#),
        "{bodies:?}"
    );
    assert!(bodies[1].contains(r#""to":"+XXXXXXXX0000""#) && bodies[1].ends_with(&end(plain)));
    assert!(bodies[2].starts_with(r#"{"bridge":918068280000,"from":918919520000,"#), "{bodies:?}");
    let key =
        callhook::domain::delivery::DeliveryKey { webhook_id: plain, report_id: id_of(&report) };
    let read =
        callhook::ports::store::DeliveryReader::delivery(&harness.log, &account(), key).await;
    let logged = format!("{:?}", read.unwrap().unwrap().report.text("from"));
    assert!(logged.contains("918919520000"), "replays need it: {logged}");
}
