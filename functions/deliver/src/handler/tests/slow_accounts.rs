//! Webhooks of an account that has a slow one.

use callhook::store::WebhookHealth as _;

use super::*;
use crate::due::later;
use crate::testing::{account, message_at};

/// One report for each webhook, from the queue of new reports; gives the paths that got requests.
async fn send_each(sut: &Sut, webhooks: &[WebhookId], n: u32) -> Vec<String> {
    sut.clients.requests.lock().unwrap().clear();
    let report = |(i, webhook)| json!({"id": format!("{n}.{i}"), "webhook_id": webhook});
    let reports: Vec<_> = webhooks.iter().enumerate().map(report).collect();
    assert!(sut.handle(&[message_at(sut.hands.now(), &reports)]).await.is_empty());
    sut.requests()
}

/// A healthy webhook that is long there, and one that was made just now.
async fn old_and_new(sut: &Sut) -> [WebhookId; 2] {
    let (old, new) = (sut.webhook("200").await, sut.webhook("202").await);
    sut.change(new, json!({"name": "new"})).await;
    [old, new]
}

#[tokio::test]
async fn a_webhook_made_anew_beside_a_slow_one_starts_apart_from_new_reports() {
    let sut = Sut::new().await;
    sut.hands.set(Timestamp::now());
    let webhooks = old_and_new(&sut).await;
    assert_eq!(send_each(&sut, &webhooks, 0).await, ["200", "202"], "no webhook is slow");

    let slow = sut.target(sut.webhook("201").await).await;
    sut.deliver.breaker.mark_slow(&slow, sut.hands.now()).await.unwrap();
    assert_eq!(send_each(&sut, &webhooks, 1).await, ["200"], "healthy ones stay");
    assert_eq!(sut.retries().len(), 1);
    assert!(sut.run_queue(Duration::ZERO).await.is_empty());
    assert_eq!(sut.requests(), ["200", "202"], "at once, from the other queue");

    sut.hands.set(later(sut.hands.now(), Duration::from_mins(1)));
    assert_eq!(
        send_each(&sut, &webhooks, 2).await,
        ["200", "202"],
        "a minute later it is forgotten"
    );
}

#[tokio::test]
async fn a_webhook_that_was_slow_before_waits_while_another_of_its_account_is_slow() {
    let sut = Sut::new().await;
    sut.hands.set(Timestamp::now());
    let (one, other) = (sut.webhook("200").await, sut.webhook("202").await);
    for webhook in [one, other] {
        let target = sut.target(webhook).await;
        sut.deliver.breaker.mark_slow(&target, sut.hands.now()).await.unwrap();
        sut.hands.set(later(sut.hands.now(), Duration::from_secs(50)));
    }
    assert_eq!(send_each(&sut, &[one], 0).await, [""; 0], "its own mark has ended");
}

#[tokio::test]
async fn an_instance_learns_of_a_slow_account_with_its_terms() {
    let sut = Sut::new().await;
    sut.hands.set(Timestamp::now());
    sut.account(json!({})).await;
    let webhooks = old_and_new(&sut).await;
    let until = later(sut.hands.now(), Duration::from_mins(1));
    sut.table.account_slow(&account(), until).await.unwrap();
    assert_eq!(send_each(&sut, &webhooks, 0).await, ["200"]);
}

#[tokio::test]
async fn a_delivery_from_the_queue_of_retries_goes_at_once() {
    let sut = Sut::new().await;
    sut.hands.set(Timestamp::now());
    let [_, new] = old_and_new(&sut).await;
    let slow = sut.target(sut.webhook("201").await).await;
    sut.deliver.breaker.mark_slow(&slow, sut.hands.now()).await.unwrap();
    let job = sut.job(new, &json!({"id": 1})).await;
    let (go, deferred) = sut.deliver.breaker.admit(vec![job], sut.hands.now()).await;
    assert_eq!((go.len(), deferred.len()), (1, 0));
}
