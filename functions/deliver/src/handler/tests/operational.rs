//! Operational events about an account's webhooks and deliveries.

use std::sync::atomic::Ordering;
use std::time::Duration;

use callhook::domain::delivery::{ReplayScope, Trigger};
use callhook::domain::ids::{ReplayId, ResendId, WebhookId};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::testing::{Harness, delivery_message, message_at};

/// A webhook for `path` with one attempt, and an operational webhook for `events`.
async fn watched(path: &str, events: &str) -> (Harness, WebhookId, WebhookId) {
    let harness = Harness::new().await;
    harness.clock.set(Timestamp::now());
    let operational = harness.webhook_with(events, json!({"retry": {"schedule": []}})).await;
    harness.account(json!({"operational_webhook_id": operational})).await;
    let webhook = harness.webhook_with(path, json!({"retry": {"schedule": []}})).await;
    (harness, webhook, operational)
}

async fn report(harness: &Harness, webhook: WebhookId) {
    let report = json!({"id": "r", "webhook_id": webhook});
    harness.handle(&[message_at(harness.clock.now(), &[report])]).await;
    assert!(harness.run_queue(Duration::from_mins(1)).await.is_empty());
}

/// The bodies of the requests to `path`.
fn events(harness: &Harness, path: &str) -> Vec<Value> {
    let requests = harness.receivers.requests.lock().unwrap();
    let bodies = requests.iter().filter(|(to, _, _)| to == path);
    bodies.map(|(_, _, body)| serde_json::from_str(body).unwrap()).collect()
}

#[tokio::test]
async fn a_delivery_without_attempts_left_makes_an_event() {
    let (harness, webhook, _) = watched("500", "200").await;
    report(&harness, webhook).await;
    let [event] = &*events(&harness, "200") else { panic!("one event") };
    assert_eq!(event["type"], "delivery.failed");
    assert_eq!(event["data"]["webhook_id"], json!(webhook));
    assert_eq!(
        (&event["data"]["attempts"], &event["data"]["description"]),
        (&json!(1), &json!("the receiver answered 500: it failed; look into its error log"))
    );
}

#[tokio::test]
async fn a_disabled_webhook_makes_an_event() {
    let (harness, webhook, _) = watched("410", "202").await;
    report(&harness, webhook).await;
    let types: Vec<_> = events(&harness, "202").iter().map(|event| event["type"].clone()).collect();
    assert_eq!(types.len(), 2, "{types:?}");
    assert!(
        types.contains(&json!("webhook.disabled")) && types.contains(&json!("delivery.failed"))
    );
}

#[tokio::test]
async fn a_delivery_accepted_after_it_failed_makes_an_event() {
    let (harness, webhook, _) = watched("down", "200").await;
    report(&harness, webhook).await;
    harness.receivers.mended.store(true, Ordering::Relaxed);
    let trigger = Trigger::Resend { id: ResendId::generate() };
    let reported = json!({"id": "r", "webhook_id": webhook});
    harness.handle(&[delivery_message(harness.clock.now(), trigger, webhook, &reported)]).await;
    harness.run_queue(Duration::from_mins(1)).await;
    let types: Vec<_> = events(&harness, "200").iter().map(|event| event["type"].clone()).collect();
    assert_eq!(types, ["delivery.failed", "delivery.recovered"]);
}

#[tokio::test]
async fn deliveries_of_operational_events_make_no_events() {
    let (harness, webhook, operational) = watched("500", "501").await;
    report(&harness, webhook).await;
    assert_eq!(events(&harness, "501").len(), 1, "or it would never end");
    report(&harness, operational).await;
}

#[tokio::test]
async fn a_failed_delivery_that_a_replay_delivers_makes_a_recovered_event() {
    let (harness, _, operational) = watched("500", "200").await;
    let retry = json!({"retry": {"schedule": [1]}});
    let webhook = harness.webhook_with("down", retry).await;
    report(&harness, webhook).await;
    let replay = Trigger::Replay { id: ReplayId::generate(), only: ReplayScope::Failed };
    let reported = json!({"id": "r", "webhook_id": webhook});
    harness.handle(&[delivery_message(harness.clock.now(), replay, webhook, &reported)]).await;
    harness.receivers.mended.store(true, Ordering::Relaxed);
    assert!(harness.run_queue(Duration::from_mins(1)).await.is_empty());
    let types: Vec<_> = events(&harness, "200").iter().map(|event| event["type"].clone()).collect();
    assert_eq!(types, ["delivery.failed", "delivery.recovered"], "{operational}");
}

#[tokio::test]
async fn a_failed_replay_of_a_delivered_report_makes_no_event() {
    let (harness, _, _) = watched("500", "202").await;
    let webhook = harness.webhook_with("down", json!({"retry": {"schedule": []}})).await;
    harness.receivers.mended.store(true, Ordering::Relaxed);
    report(&harness, webhook).await;
    harness.receivers.mended.store(false, Ordering::Relaxed);
    let replay = Trigger::Replay { id: ReplayId::generate(), only: ReplayScope::All };
    let reported = json!({"id": "r", "webhook_id": webhook});
    harness.handle(&[delivery_message(harness.clock.now(), replay, webhook, &reported)]).await;
    harness.run_queue(Duration::from_mins(1)).await;
    assert_eq!(harness.requests(), ["down", "down"]);
    assert!(events(&harness, "202").is_empty());
}
