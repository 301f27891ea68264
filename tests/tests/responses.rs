//! What clients answer, and what follows from it.

use std::time::Duration;

use callhook::delivery::{DeliveryState, SkipReason};
use callhook_tests::cloud::{logged, new_account, unique_id};
use callhook_tests::receiver::Receiver;
use callhook_tests::wait::SOON;
use serde_json::json;

/// What one client answers, and how many requests it is to get with one retry allowed.
const ANSWERS: [(&str, usize); 9] = [
    ("/status/200", 1),
    ("/status/202", 1),
    ("/status/201", 2),
    ("/status/204", 2),
    ("/status/301", 2),
    ("/status/404", 2),
    ("/status/500", 2),
    ("/hang", 2),
    ("/reset", 2),
];

#[tokio::test]
async fn only_200_and_202_are_taken_and_all_else_is_retried() {
    let account = new_account().await;
    let receiver = Receiver::start().await;
    let mut webhooks = Vec::new();
    for (path, _) in ANSWERS {
        let settings = json!({
            "name": path, "url": receiver.url(path), "timeout_seconds": 1,
            "retry": {"schedule": [1]},
        });
        webhooks.push(account.webhook_with(settings).await);
    }
    let id = account.report(&json!({"id": unique_id(), "webhook_ids": webhooks})).await;
    for (webhook, (path, requests)) in webhooks.iter().zip(ANSWERS) {
        let log = logged(webhook, &id, SOON, |entry| entry.state.has_ended()).await;
        assert_eq!(log.scheduled_attempts as usize, requests, "{path}");
        let received = receiver.received_at(path);
        assert_eq!(received.len(), requests, "{path}");
        assert!(received.iter().all(|request| request.header("webhook-id") == id), "{path}");
        assert!(received.iter().all(|request| request.body == received[0].body), "{path}");
    }
    assert!(receiver.received_at("/redirected").is_empty(), "a redirect was followed");
}

#[tokio::test]
async fn a_failing_delivery_arrives_once_the_client_is_back() {
    let account = new_account().await;
    let broken = Receiver::start().await;
    let settings = json!({
        "name": "comes back", "url": broken.url("/status/503"), "retry": {"schedule": [2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2]},
    });
    let webhook = account.webhook_with(settings).await;
    let id = account.report(&json!({"id": unique_id(), "webhook_id": webhook})).await;
    broken.wait_for(1, SOON).await;
    let mended = Receiver::start().await;
    let path = format!("/v1/webhooks/{webhook}");
    account.api.patch(&path, &json!({"url": mended.url("/")})).await.expect(200);
    let arrived = mended.wait_for(1, SOON).await;
    assert_eq!(arrived[0].header("webhook-id"), id);
    let log = logged(&webhook, &id, SOON, |entry| entry.state.has_ended()).await;
    assert_eq!(log.scheduled_attempts as usize, broken.received().len() + 1);
    assert_eq!(mended.received().len(), 1);
}

#[tokio::test]
async fn a_slow_client_does_not_delay_another() {
    let account = new_account().await;
    let receiver = Receiver::start().await;
    let slow = json!({"name": "slow", "url": receiver.url("/hang"), "timeout_seconds": 10});
    let slow = account.webhook_with(slow).await;
    let fast = account.webhook(&receiver.url("/fast")).await;
    let id = account.report(&json!({"id": unique_id(), "webhook_ids": [slow, fast]})).await;
    logged(&fast, &id, Duration::from_secs(9), |entry| entry.state.has_ended()).await;
    assert_eq!(receiver.received_at("/fast").len(), 1);
}

#[tokio::test]
async fn inactive_and_deleted_webhooks_get_nothing() {
    let account = new_account().await;
    let receiver = Receiver::start().await;
    let inactive = account.webhook(&receiver.url("/inactive")).await;
    let failing = json!({
        "name": "to be deleted", "url": receiver.url("/status/500"),
        "retry": {"schedule": [2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2]},
    });
    let deleted = account.webhook_with(failing).await;
    let active = account.webhook(&receiver.url("/active")).await;
    let path = format!("/v1/webhooks/{inactive}");
    account.api.patch(&path, &json!({"status": "inactive"})).await.expect(200);

    let report = json!({"id": unique_id(), "webhook_ids": [inactive, deleted, active]});
    let id = account.report(&report).await;
    // A retry finds it gone.
    logged(&deleted, &id, SOON, |entry| entry.scheduled_attempts > 0).await;
    let gone = account.api.delete(&format!("/v1/webhooks/{deleted}")).await;
    gone.expect(204);

    let skipped = logged(&inactive, &id, SOON, |entry| entry.state.has_ended()).await;
    assert_eq!(skipped.scheduled_attempts, 0);
    let skipped = logged(&deleted, &id, SOON, |entry| entry.state.has_ended()).await;
    assert_eq!(skipped.scheduled_attempts as usize, receiver.received_at("/status/500").len());
    let reason = |reason| DeliveryState::Skipped { reason };
    for (webhook, state) in [
        (&inactive, reason(SkipReason::WebhookInactive)),
        (&deleted, reason(SkipReason::WebhookDeleted)),
        (&active, DeliveryState::Delivered),
    ] {
        let entry = logged(webhook, &id, SOON, |entry| entry.state.has_ended()).await;
        assert_eq!(entry.state, state);
    }
    assert_eq!(receiver.received_at("/inactive").len(), 0);
}
