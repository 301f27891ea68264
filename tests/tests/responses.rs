//! Responses of receivers, and their outcomes.

use std::time::Duration;

use callhook::domain::delivery::{DeliveryState, SkipReason};
use callhook::testing::NewWebhook;
use callhook_tests::cloud::{logged, new_account, unique_id};
use callhook_tests::receiver::Receiver;
use callhook_tests::wait::SOON;
use serde_json::json;

/// Paths of a receiver, and the attempts and requests that it gets with one retry. A connection that ends
/// without a response costs two requests.
const ANSWERS: [(&str, usize, usize); 10] = [
    ("/status/200", 1, 1),
    ("/status/202", 1, 1),
    ("/close", 1, 1),
    ("/status/201", 2, 2),
    ("/status/204", 2, 2),
    ("/status/301", 2, 2),
    ("/status/404", 2, 2),
    ("/status/500", 2, 2),
    ("/hang", 2, 2),
    ("/reset", 2, 4),
];

#[tokio::test]
async fn only_200_and_202_count_as_delivered_and_all_else_is_retried() {
    let account = new_account().await;
    let (mut receivers, mut webhooks) = (Vec::new(), Vec::new());
    for (path, _, _) in ANSWERS {
        let receiver = Receiver::start().await;
        let webhook = NewWebhook::new(&receiver.url(path)).with("timeout_seconds", 1);
        webhooks.push(account.create_webhook(webhook.retrying_after(&[1])).await);
        receivers.push(receiver);
    }
    let id = account.report(&json!({"id": unique_id(), "webhook_ids": webhooks})).await;
    for ((webhook, receiver), (path, attempts, requests)) in
        webhooks.iter().zip(&receivers).zip(ANSWERS)
    {
        let log = logged(webhook, &id, SOON, |entry| entry.state.has_ended()).await;
        assert_eq!(log.scheduled_attempts as usize, attempts, "{path}");
        let received = receiver.received_at(path);
        assert_eq!(received.len(), requests, "{path}");
        assert!(received.iter().all(|request| request.header("webhook-id") == id), "{path}");
        assert!(received.iter().all(|request| request.body == received[0].body), "{path}");
        assert!(receiver.received_at("/redirected").is_empty(), "a redirect was followed");
    }
}

#[tokio::test]
async fn a_failing_delivery_arrives_after_the_receiver_recovers() {
    let account = new_account().await;
    let broken = Receiver::start().await;
    let webhook = NewWebhook::new(&broken.url("/status/503")).retrying_after(&[2; 12]);
    let webhook = account.create_webhook(webhook).await;
    let id = account.report(&json!({"id": unique_id(), "webhook_id": webhook})).await;
    broken.wait_for(1, SOON).await;
    let recovered = Receiver::start().await;
    let path = format!("/v1/webhooks/{webhook}");
    account.api.patch(&path, &json!({"url": recovered.url("/")})).await.expect(200);
    let arrived = recovered.wait_for(1, SOON).await;
    assert_eq!(arrived[0].header("webhook-id"), id);
    let log = logged(&webhook, &id, SOON, |entry| entry.state.has_ended()).await;
    assert_eq!(log.scheduled_attempts as usize, broken.received().len() + 1);
    assert_eq!(recovered.received().len(), 1);
}

#[tokio::test]
async fn a_slow_receiver_does_not_delay_another() {
    let account = new_account().await;
    let receiver = Receiver::start().await;
    let slow = NewWebhook::new(&receiver.url("/hang")).with("timeout_seconds", 10);
    let slow = account.create_webhook(slow).await;
    let fast = account.webhook(&receiver.url("/fast")).await;
    let id = account.report(&json!({"id": unique_id(), "webhook_ids": [slow, fast]})).await;
    logged(&fast, &id, Duration::from_secs(9), |entry| entry.state.has_ended()).await;
    assert_eq!(receiver.received_at("/fast").len(), 1);
}

#[tokio::test]
async fn inactive_and_deleted_webhooks_get_no_requests() {
    let account = new_account().await;
    let receiver = Receiver::start().await;
    let inactive = account.webhook(&receiver.url("/inactive")).await;
    let deleted = NewWebhook::new(&receiver.url("/status/500")).retrying_after(&[2; 12]);
    let deleted = account.create_webhook(deleted).await;
    let active = account.webhook(&receiver.url("/active")).await;
    let path = format!("/v1/webhooks/{inactive}");
    account.api.patch(&path, &json!({"status": "inactive"})).await.expect(200);

    let report = json!({"id": unique_id(), "webhook_ids": [inactive, deleted, active]});
    let id = account.report(&report).await;
    // The webhook is deleted before a retry.
    logged(&deleted, &id, SOON, |entry| entry.scheduled_attempts > 0).await;
    account.api.delete(&format!("/v1/webhooks/{deleted}")).await.expect(204);

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

#[tokio::test]
async fn a_receiver_that_closes_connections_unannounced_gets_all_reports_at_the_first_attempt() {
    const REPORTS: usize = 300;
    let account = new_account().await;
    let receiver = Receiver::start().await;
    let webhook = account.webhook(&receiver.url("/close")).await;
    let reports: Vec<_> =
        (0..REPORTS).map(|_| json!({"id": unique_id(), "webhook_id": webhook})).collect();
    let answer = account.api.post("/v1/reports", &json!(reports)).await.expect(202);
    let mut first = 0;
    for report in answer["reports"].as_array().unwrap() {
        let id = report["id"].as_str().unwrap();
        let log = logged(&webhook, id, SOON, |entry| entry.state.has_ended()).await;
        assert_eq!(log.state, DeliveryState::Delivered, "{:?}", log.attempts);
        first += usize::from(log.attempts.len() == 1);
    }
    println!("closing.delivered_first: {first} of {REPORTS}");
    assert_eq!(first, REPORTS);
}

#[tokio::test]
async fn a_failed_delivery_shows_its_reason() {
    let account = new_account().await;
    let receiver = Receiver::start().await;
    let closed_port = "http://127.0.0.1:8/".to_owned();
    for (url, reason) in [
        (receiver.url("/status/201"), "201, which is not among success_codes (200, 202)"),
        (receiver.url("/status/302"), "302: redirects are not followed"),
        (receiver.url("/reset"), "the receiver reset the connection"),
        (closed_port, "the receiver refused the connection"),
    ] {
        let webhook = account.create_webhook(NewWebhook::new(&url).without_retries()).await;
        let id = account.report(&json!({"id": unique_id(), "webhook_id": webhook})).await;
        logged(&webhook, &id, SOON, |entry| entry.state.has_ended()).await;
        let path = format!("/v1/deliveries/{webhook}.{id}");
        let delivery = account.api.get(&path).await.expect(200);
        assert!(delivery["detail"].as_str().unwrap().contains(reason), "{delivery}");
    }
}

#[tokio::test]
async fn a_redirect_is_a_success_if_success_codes_include_it() {
    let account = new_account().await;
    let receiver = Receiver::start().await;
    let webhook = NewWebhook::new(&receiver.url("/status/302"));
    let webhook = account.create_webhook(webhook.with("success_codes", json!([200, 302]))).await;
    let id = account.report(&json!({"id": unique_id(), "webhook_id": webhook})).await;
    let log = logged(&webhook, &id, SOON, |entry| entry.state.has_ended()).await;
    assert_eq!((log.state, log.attempts[0].status_code), (DeliveryState::Delivered, Some(302)));
    assert!(receiver.received_at("/redirected").is_empty(), "the redirect was not followed");
}
