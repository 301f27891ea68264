//! Rate limits of webhooks, measured at the receiver.

use std::time::{Duration, Instant};

use callhook::testing::NewWebhook;
use callhook_tests::cloud::{Account, new_account, unique_id};
use callhook_tests::receiver::{Answer, Receiver};
use callhook_tests::replay::replayed;
use callhook_tests::wait::{SOON, until};
use serde_json::{Value, json};

/// Submits `count` reports for a webhook in one array.
async fn submit(account: &Account, webhook: &str, count: usize) {
    let report = |_| json!({"id": unique_id(), "webhook_id": webhook});
    let array: Vec<_> = (0..count).map(report).collect();
    account.api.post("/v1/reports", &Value::from(array)).await.expect(202);
}

/// The highest number of requests within any second.
fn most_in_a_second(receiver: &Receiver) -> usize {
    let mut times: Vec<Instant> = receiver.received().iter().map(|one| one.arrived).collect();
    times.sort_unstable();
    let within = |start: &Instant| {
        let end = *start + Duration::from_secs(1);
        times.iter().filter(|time| (*start..end).contains(*time)).count()
    };
    times.iter().map(within).max().unwrap_or_default()
}

#[tokio::test]
async fn no_second_at_the_receiver_exceeds_the_rate_limit() {
    for (limit, count) in [(5, 40), (20, 60)] {
        let (account, receiver) = (new_account().await, Receiver::start().await);
        let webhook = NewWebhook::new(&receiver.url("/")).with("max_per_second", limit);
        let webhook = account.create_webhook(webhook).await;
        submit(&account, &webhook, count).await;
        receiver.wait_for_accepted(count, Duration::from_mins(2)).await;
        let most = most_in_a_second(&receiver);
        assert!(most <= limit, "{most} within a second, limit {limit}");
        assert_eq!(receiver.count(), count, "each once");
    }
}

#[tokio::test]
async fn a_replay_completes_after_its_last_delivery() {
    const COUNT: usize = 15;
    let (account, receiver) = (new_account().await, Receiver::start().await);
    let webhook = account.webhook(&receiver.url("/")).await;
    submit(&account, &webhook, COUNT).await;
    receiver.wait_for_accepted(COUNT, SOON).await;
    let path = format!("/v1/webhooks/{webhook}");
    let delivered = format!("{path}/deliveries?status=delivered");
    until(SOON, "log entries", async || {
        let listed = account.api.get(&delivered).await.expect(200);
        (listed["data"].as_array().unwrap().len() == COUNT).then_some(())
    })
    .await;
    account.api.patch(&path, &json!({"max_per_second": 1})).await.expect(200);
    let now = jiff::Timestamp::now();
    let day = jiff::SignedDuration::from_hours(24);
    let request = json!({"from": now - day, "to": now + day, "deliveries": "all"});
    let job = replayed(&account, &webhook, &request, Duration::from_mins(3)).await;
    assert_eq!((&job["status"], &job["done"]), (&json!("completed"), &json!(COUNT)), "{job}");
    assert_eq!(receiver.accepted().len(), 2 * COUNT, "nothing is sent after the end of the job");
}

#[tokio::test]
async fn deferred_deliveries_use_the_changed_url() {
    const TIMEOUT: Duration = Duration::from_secs(20);
    let (account, receiver) = (new_account().await, Receiver::start().await);
    receiver.set_answer("/dead", Answer::Status(503));
    let webhook = NewWebhook::new(&receiver.url("/dead")).without_retries();
    let webhook = account.create_webhook(webhook).await;
    submit(&account, &webhook, 10).await;
    receiver.wait_for(10, SOON).await;
    let pending = format!("/v1/webhooks/{webhook}/deliveries?status=pending");
    until(SOON, "pending deliveries", async || {
        submit(&account, &webhook, 7).await;
        let listed = account.api.get(&pending).await.expect(200);
        (listed["data"].as_array().unwrap().len() >= 14).then_some(())
    })
    .await;
    let change = json!({"url": receiver.url("/alive")});
    account.api.patch(&format!("/v1/webhooks/{webhook}"), &change).await.expect(200);
    until(TIMEOUT, "end of all pending deliveries", async || {
        let listed = account.api.get(&pending).await.expect(200);
        (listed["data"] == json!([])).then_some(())
    })
    .await;
    assert!(receiver.received_at("/alive").len() >= 14);
}
