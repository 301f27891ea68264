//! Webhooks of an account that has a slow webhook.

use callhook::ports::store::WebhookHealth as _;

use super::*;
use crate::pending::later;
use crate::testing::{account, message_at};

/// Handles a report for each webhook, as from the Reports queue; gives the paths that got requests.
async fn send_each(harness: &Harness, webhooks: &[WebhookId], n: u32) -> Vec<String> {
    harness.receivers.requests.lock().unwrap().clear();
    let report = |(i, webhook)| json!({"id": format!("{n}.{i}"), "webhook_id": webhook});
    let reports: Vec<_> = webhooks.iter().enumerate().map(report).collect();
    assert!(harness.handle(&[message_at(harness.clock.now(), &reports)]).await.is_empty());
    harness.requests()
}

/// A healthy webhook that is old, and one that was changed just now.
async fn old_and_new(harness: &Harness) -> [WebhookId; 2] {
    let (old, new) = (harness.webhook("200").await, harness.webhook("202").await);
    harness.change(new, json!({"name": "new"})).await;
    [old, new]
}

#[tokio::test]
async fn a_new_webhook_beside_a_slow_one_starts_in_the_retries_queue() {
    let harness = Harness::new().await;
    harness.clock.set(Timestamp::now());
    let webhooks = old_and_new(&harness).await;
    assert_eq!(send_each(&harness, &webhooks, 0).await, ["200", "202"], "no webhook is slow");

    let slow = harness.target(harness.webhook("201").await).await;
    harness.deliver.breaker.mark_slow(&slow, harness.clock.now()).await.unwrap();
    assert_eq!(send_each(&harness, &webhooks, 1).await, ["200"], "healthy ones stay");
    assert_eq!(harness.retries().len(), 1);
    assert!(harness.run_queue(Duration::ZERO).await.is_empty());
    assert_eq!(harness.requests(), ["200", "202"], "immediately, from the Retries queue");

    harness.clock.set(later(harness.clock.now(), Duration::from_mins(1)));
    assert_eq!(
        send_each(&harness, &webhooks, 2).await,
        ["200", "202"],
        "the mark ends after a minute"
    );
}

#[tokio::test]
async fn a_webhook_that_was_slow_moves_while_another_of_its_account_is_slow() {
    let harness = Harness::new().await;
    harness.clock.set(Timestamp::now());
    let (one, other) = (harness.webhook("200").await, harness.webhook("202").await);
    for webhook in [one, other] {
        let target = harness.target(webhook).await;
        harness.deliver.breaker.mark_slow(&target, harness.clock.now()).await.unwrap();
        harness.clock.set(later(harness.clock.now(), Duration::from_secs(50)));
    }
    assert_eq!(send_each(&harness, &[one], 0).await, [""; 0], "its own mark has ended");
}

#[tokio::test]
async fn an_instance_reads_the_slow_mark_with_the_account() {
    let harness = Harness::new().await;
    harness.clock.set(Timestamp::now());
    harness.account(json!({})).await;
    let webhooks = old_and_new(&harness).await;
    let until = later(harness.clock.now(), Duration::from_mins(1));
    harness.table.mark_account_slow(&account(), until).await.unwrap();
    assert_eq!(send_each(&harness, &webhooks, 0).await, ["200"]);
}

#[tokio::test]
async fn a_delivery_from_the_retries_queue_is_admitted() {
    let harness = Harness::new().await;
    harness.clock.set(Timestamp::now());
    let [_, new] = old_and_new(&harness).await;
    let slow = harness.target(harness.webhook("201").await).await;
    harness.deliver.breaker.mark_slow(&slow, harness.clock.now()).await.unwrap();
    let job = harness.job(new, &json!({"id": 1})).await;
    let (go, deferred) = harness.deliver.breaker.admit(vec![job], harness.clock.now()).await;
    assert_eq!((go.len(), deferred.len()), (1, 0));
}
