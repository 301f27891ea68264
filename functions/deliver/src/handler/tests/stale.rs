//! Stale settings from the cache end no delivery.

use std::time::Duration;

use callhook::domain::webhook::WebhookStatus;
use callhook::ports::store::WebhookAdmin as _;
use serde_json::json;

use crate::cache::ConfigCache;
use crate::testing::{Harness, account, id_of, message};

/// A function whose cache outlives the test.
async fn caching() -> Harness {
    let minute = Duration::from_mins(1);
    Harness::with(|deliver| deliver.config = ConfigCache::new(deliver.limits.clone(), minute)).await
}

#[tokio::test]
async fn a_webhook_that_was_just_activated_gets_reports() {
    let harness = caching().await;
    let webhook = harness.webhook_with("200", json!({"status": "inactive"})).await;
    let report = |id: u32| json!({"id": id, "webhook_id": webhook});
    harness.handle(&[message(&[report(1)])]).await;
    assert_eq!(harness.entry(webhook, id_of(&report(1))).await.unwrap().state.name(), "skipped");
    harness.change(webhook, json!({"status": "active"})).await;
    harness.handle(&[message(&[report(2)])]).await;
    assert_eq!(harness.entry(webhook, id_of(&report(2))).await.unwrap().state.name(), "delivered");
}

#[tokio::test]
async fn the_first_subscription_gets_the_next_report() {
    let harness = caching().await;
    let webhook = harness.webhook("200").await;
    let report = |id: u32| json!({"id": id, "source": "OBD"});
    harness.handle(&[message(&[report(1)])]).await;
    harness.subscribe(webhook, "source:OBD").await;
    harness.handle(&[message(&[report(2), report(3)])]).await;
    assert_eq!(harness.requests().len(), 2);
    assert_eq!(
        harness.logged(webhook, id_of(&report(1))).await,
        None,
        "no webhook subscribed then"
    );
}

#[tokio::test]
async fn a_subscription_that_replaces_one_of_a_deleted_webhook_applies_immediately() {
    let harness = caching().await;
    let (old, new) = (harness.webhook("202").await, harness.webhook("200").await);
    harness.subscribe(old, "all").await;
    harness.handle(&[message(&[json!({"id": 1})])]).await;
    harness.table.delete_webhook(&account(), old, 1).await.unwrap();
    harness.deliver.config.evict(&account(), old);
    harness.subscribe(new, "all").await;
    harness.handle(&[message(&[json!({"id": 2})])]).await;
    assert_eq!(harness.requests(), ["200", "202"]);
}

#[tokio::test]
async fn a_delivery_does_not_end_as_failed_by_stale_settings() {
    let once = json!({"retry": {"schedule": []}});
    let unrenderable = json!({"retry": {"schedule": []}, "headers": {"X-Note": "{{note}}"}});
    let elsewhere = json!({"url": "http://receiver.example/200"});
    for (path, settings, patch, what) in [
        ("500", &once, &elsewhere, "its URL"),
        ("410", &once, &elsewhere, "its URL, and the old one is gone"),
        ("204", &once, &json!({"success_codes": [200, 204]}), "its success codes"),
        ("200", &unrenderable, &json!({"headers": {}}), "a template that could not be rendered"),
    ] {
        let harness = caching().await;
        let webhook = harness.webhook_with(path, settings.clone()).await;
        let report = |id: u32| json!({"id": id, "webhook_id": webhook, "note": "two\nlines"});
        harness.target(webhook).await;
        harness.change(webhook, patch.clone()).await;
        harness.handle(&[message(&[report(1)])]).await;
        let logged = harness.logged(webhook, id_of(&report(1))).await;
        assert!(logged.is_none_or(|(_, has_ended)| !has_ended), "{what}: {logged:?}");
        let (_, mut again) = harness.retries().pop().expect(what);
        again.due_at = jiff::Timestamp::now();
        harness.handle(&[again.to_json().unwrap()]).await;
        let entry = harness.entry(webhook, id_of(&report(1))).await.unwrap();
        assert_eq!(entry.state.name(), "delivered", "{what}");
        let stored = harness.table.webhook(&account(), webhook).await.unwrap().unwrap();
        assert_eq!(stored.settings.status, WebhookStatus::Active, "{what}");
    }
}

#[tokio::test]
async fn a_delivery_ends_as_failed_by_current_settings() {
    let harness = caching().await;
    let webhook = harness.webhook_with("500", json!({"retry": {"schedule": []}})).await;
    let report = |id: u32| json!({"id": id, "webhook_id": webhook});
    harness.target(webhook).await;
    harness.handle(&[message(&[report(1)])]).await;
    assert_eq!(harness.entry(webhook, id_of(&report(1))).await.unwrap().state.name(), "failed");
    assert!(harness.retries().is_empty());
}
