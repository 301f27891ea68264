//! URLs that the address policy refuses.

use std::sync::atomic::Ordering;
use std::time::Duration;

use callhook::domain::delivery::{NoResponse, Trigger};
use callhook::domain::ids::{ResendId, WebhookId};
use callhook::domain::message::DeliveryMessage;
use callhook::ports::store::DeliveryConfig as _;
use jiff::Timestamp;
use serde_json::json;

use crate::testing::{Harness, account, delivery_message, id_of, message, message_at};

/// A webhook whose URL the address policy refuses.
async fn refused() -> (Harness, WebhookId) {
    let harness = Harness::new().await;
    harness.receivers.refuses.store(true, Ordering::Relaxed);
    let webhook = harness.webhook("200").await;
    (harness, webhook)
}

#[tokio::test]
async fn a_refused_delivery_ends_with_its_reason_after_one_attempt() {
    let (harness, webhook) = refused().await;
    let report = json!({"id": 1, "webhook_id": webhook});
    assert_eq!(harness.handle(&[message(std::slice::from_ref(&report))]).await, [0; 0]);
    assert!(harness.retries().is_empty(), "a retry would be refused as well");
    let entry = harness.entry(webhook, id_of(&report)).await.unwrap();
    let state = serde_json::to_value(&entry.state).unwrap();
    let reason = NoResponse::RefusedAddress.to_string();
    assert_eq!(state, json!({"status": "failed", "reason": reason}));
    let errors: Vec<_> = entry.attempts.iter().map(|made| made.error).collect();
    assert_eq!(errors, [Some(NoResponse::RefusedAddress)]);
}

#[tokio::test]
async fn a_refused_resend_shows_the_reason() {
    let (harness, webhook) = refused().await;
    let report = json!({"id": 1, "webhook_id": webhook});
    let trigger = Trigger::Resend { id: ResendId::generate() };
    harness.handle(&[delivery_message(Timestamp::now(), trigger, webhook, &report)]).await;
    let entry = harness.entry(webhook, id_of(&report)).await.unwrap();
    let made: Vec<_> = entry.attempts.iter().map(|made| (made.trigger, made.error)).collect();
    assert_eq!(made, [(trigger, Some(NoResponse::RefusedAddress))]);
}

#[tokio::test]
async fn a_refused_delivery_makes_an_event() {
    let (harness, webhook) = refused().await;
    let operational = harness.webhook("200").await;
    harness.account(json!({"operational_webhook_id": operational})).await;
    harness.handle(&[message(&[json!({"webhook_id": webhook})])]).await;
    let sent: Vec<DeliveryMessage> = harness.retries().into_iter().map(|(_, sent)| sent).collect();
    let [event] = sent.as_slice() else { panic!("one event: {sent:?}") };
    let data = event.report.value("data").unwrap();
    assert_eq!(data["description"], NoResponse::RefusedAddress.to_string());
}

#[tokio::test]
async fn refusals_open_no_circuit_and_delay_no_delivery() {
    let (harness, webhook) = refused().await;
    harness.clock.set(Timestamp::from_second(1_700_000_000).unwrap());
    let reports: Vec<_> = (0..30).map(|id| json!({"id": id, "webhook_id": webhook})).collect();
    for reports in reports.chunks(15) {
        harness.handle(&[message_at(harness.clock.now(), reports)]).await;
    }
    let known = harness.table.webhooks_by_id(&account(), &[webhook]).await.unwrap();
    assert_eq!(known[&webhook].clone().readable().unwrap().1, None, "the receiver has no health");
    for report in &reports {
        assert_eq!(harness.logged(webhook, id_of(report)).await, Some((1, true)), "each has ended");
    }
    harness.receivers.refuses.store(false, Ordering::Relaxed);
    let next = json!({"id": 99, "webhook_id": webhook});
    harness.handle(&[message_at(harness.clock.now(), std::slice::from_ref(&next))]).await;
    let entry = harness.entry(webhook, id_of(&next)).await.unwrap();
    assert_eq!(entry.state.name(), "delivered");
}

#[tokio::test]
async fn a_refused_probe_counts_as_failed() {
    let harness = Harness::new().await;
    harness.clock.set(Timestamp::from_second(1_700_000_000).unwrap());
    let webhook = harness.webhook_with("down", json!({"retry": {"schedule": []}})).await;
    let reports: Vec<_> = (0..11).map(|id| json!({"id": id, "webhook_id": webhook})).collect();
    harness.handle(&[message_at(harness.clock.now(), &reports[..10])]).await;
    harness.receivers.refuses.store(true, Ordering::Relaxed);
    harness.handle(&[message_at(harness.clock.now(), &reports[10..])]).await;
    harness.run_queue(Duration::from_secs(45)).await;
    let entry = harness.entry(webhook, id_of(&reports[10])).await.unwrap();
    assert_eq!(entry.attempts[0].error, Some(NoResponse::RefusedAddress), "it was the probe");
    let known = harness.table.webhooks_by_id(&account(), &[webhook]).await.unwrap();
    let circuit = known[&webhook].clone().readable().unwrap().1.unwrap().circuit.unwrap();
    assert_eq!((circuit.level, circuit.probe_until), (2, None), "no other delivery waits for it");
}

#[tokio::test]
async fn a_request_without_resources_is_deferred_and_uses_no_attempt() {
    let harness = Harness::new().await;
    let webhook = harness.webhook("congested").await;
    let report = json!({"webhook_id": webhook});
    for _ in 0..30 {
        assert_eq!(harness.handle(&[message(std::slice::from_ref(&report))]).await, [0; 0]);
    }
    for (delay, message) in harness.retries() {
        assert_eq!((delay, message.attempt), (Duration::from_secs(15), 1));
    }
    assert_eq!(harness.retries().len(), 30);
    assert_eq!(harness.entry(webhook, id_of(&report)).await, None, "no attempt failed");
    assert_eq!(harness.target(webhook).await.health(), None, "the receiver did not fail");
}
