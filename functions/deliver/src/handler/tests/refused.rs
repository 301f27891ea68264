//! URLs that requests may not go to.

use std::sync::atomic::Ordering;
use std::time::Duration;

use callhook::delivery::{NoResponse, Trigger};
use callhook::ids::{ResendId, WebhookId};
use callhook::message::DeliveryMessage;
use callhook::store::DeliveryConfig as _;
use jiff::Timestamp;
use serde_json::json;

use crate::testing::{Sut, account, asked_for, id_of, message, message_at};

/// A webhook whose client would take everything, if only requests were let there.
async fn refused() -> (Sut, WebhookId) {
    let sut = Sut::new().await;
    sut.clients.refuses.store(true, Ordering::Relaxed);
    let webhook = sut.webhook("200").await;
    (sut, webhook)
}

#[tokio::test]
async fn a_refused_delivery_ends_at_once_with_its_reason() {
    let (sut, webhook) = refused().await;
    let report = json!({"id": 1, "webhook_id": webhook});
    assert_eq!(sut.handle(&[message(std::slice::from_ref(&report))]).await, [0; 0]);
    assert!(sut.retries().is_empty(), "no attempt would fare better");
    let entry = sut.entry(webhook, id_of(&report)).await.unwrap();
    let state = serde_json::to_value(&entry.state).unwrap();
    let reason = NoResponse::RefusedAddress.to_string();
    assert_eq!(state, json!({"status": "failed", "reason": reason}));
    let errors: Vec<_> = entry.attempts.iter().map(|made| made.error).collect();
    assert_eq!(errors, [Some(NoResponse::RefusedAddress)]);
}

#[tokio::test]
async fn whoever_resends_it_sees_the_reason() {
    let (sut, webhook) = refused().await;
    let report = json!({"id": 1, "webhook_id": webhook});
    let trigger = Trigger::Resend { id: ResendId::generate() };
    sut.handle(&[asked_for(Timestamp::now(), trigger, webhook, &report)]).await;
    let entry = sut.entry(webhook, id_of(&report)).await.unwrap();
    let made: Vec<_> = entry.attempts.iter().map(|made| (made.trigger, made.error)).collect();
    assert_eq!(made, [(trigger, Some(NoResponse::RefusedAddress))]);
}

#[tokio::test]
async fn the_account_is_told() {
    let (sut, webhook) = refused().await;
    let told = sut.webhook("200").await;
    sut.account(json!({"operational_webhook_id": told})).await;
    sut.handle(&[message(&[json!({"webhook_id": webhook})])]).await;
    let sent: Vec<DeliveryMessage> = sut.retries().into_iter().map(|(_, sent)| sent).collect();
    let [event] = sent.as_slice() else { panic!("one event: {sent:?}") };
    let data = event.report.value("data").unwrap();
    assert_eq!(data["description"], NoResponse::RefusedAddress.to_string());
}

#[tokio::test]
async fn refusals_open_no_circuit_and_do_not_hold_the_next_up() {
    let (sut, webhook) = refused().await;
    sut.hands.set(Timestamp::from_second(1_700_000_000).unwrap());
    let reports: Vec<_> = (0..30).map(|id| json!({"id": id, "webhook_id": webhook})).collect();
    for reports in reports.chunks(15) {
        sut.handle(&[message_at(sut.hands.now(), reports)]).await;
    }
    let known = sut.table.webhooks_by_id(&account(), &[webhook]).await.unwrap();
    assert_eq!(
        known[&webhook].clone().readable().unwrap().1,
        None,
        "nothing is known of its client"
    );
    for report in &reports {
        assert_eq!(sut.logged(webhook, id_of(report)).await, Some((1, true)), "each has ended");
    }
    sut.clients.refuses.store(false, Ordering::Relaxed);
    let next = json!({"id": 99, "webhook_id": webhook});
    sut.handle(&[message_at(sut.hands.now(), std::slice::from_ref(&next))]).await;
    let entry = sut.entry(webhook, id_of(&next)).await.unwrap();
    assert_eq!(entry.state.name(), "delivered");
}

#[tokio::test]
async fn a_refused_probe_has_failed() {
    let sut = Sut::new().await;
    sut.hands.set(Timestamp::from_second(1_700_000_000).unwrap());
    let webhook = sut.webhook_with("down", json!({"retry": {"schedule": []}})).await;
    let reports: Vec<_> = (0..11).map(|id| json!({"id": id, "webhook_id": webhook})).collect();
    sut.handle(&[message_at(sut.hands.now(), &reports[..10])]).await;
    sut.clients.refuses.store(true, Ordering::Relaxed);
    sut.handle(&[message_at(sut.hands.now(), &reports[10..])]).await;
    sut.run_queue(Duration::from_secs(45)).await;
    let entry = sut.entry(webhook, id_of(&reports[10])).await.unwrap();
    assert_eq!(entry.attempts[0].error, Some(NoResponse::RefusedAddress), "it was the probe");
    let known = sut.table.webhooks_by_id(&account(), &[webhook]).await.unwrap();
    let circuit = known[&webhook].clone().readable().unwrap().1.unwrap().circuit.unwrap();
    assert_eq!((circuit.level, circuit.probe_until), (2, None), "others need not wait for it");
}

#[tokio::test]
async fn a_request_that_the_instance_has_no_resources_for_is_deferred_without_an_attempt() {
    let sut = Sut::new().await;
    let webhook = sut.webhook("congested").await;
    let report = json!({"webhook_id": webhook});
    for _ in 0..30 {
        assert_eq!(sut.handle(&[message(std::slice::from_ref(&report))]).await, [0; 0]);
    }
    for (delay, message) in sut.retries() {
        assert_eq!((delay, message.attempt), (Duration::from_secs(15), 1));
    }
    assert_eq!(sut.retries().len(), 30);
    assert_eq!(sut.entry(webhook, id_of(&report)).await, None, "nothing failed");
    assert_eq!(sut.target(webhook).await.health(), None, "the receiver has no part in it");
}
