//! Deliveries that a webhook missed, and their replay.

use std::collections::HashSet;
use std::time::Duration;

use callhook::testing::NewWebhook;
use serde_json::{Value, json};

use crate::cloud::{Account, unique_id};
use crate::receiver::{Answer, Receiver};
use crate::wait::until;

/// A request to replay the day of the reports of [`missed`].
pub fn the_day() -> Value {
    json!({"from": "2021-04-09 00:00:00", "to": "2021-04-10T00:00:00Z"})
}

/// Hands over `count` reports of that day in portions; gives their ids.
async fn hand_over(account: &Account, webhook: &str, count: usize) -> HashSet<String> {
    let mut ids = HashSet::new();
    let report =
        |_| json!({"id": unique_id(), "end_at": "2021-04-09 16:27:55", "webhook_id": webhook});
    while ids.len() < count {
        let batch: Vec<_> = (0..(count - ids.len()).min(500)).map(report).collect();
        let answer = account.api.post("/v1/reports", &Value::from(batch)).await.expect(202);
        let reports = answer["reports"].as_array().unwrap();
        ids.extend(reports.iter().map(|report| report["id"].as_str().unwrap().to_owned()));
    }
    ids
}

/// How many deliveries have ended as failed, and how many as skipped.
async fn ended(account: &Account, webhook: &str) -> (u64, u64) {
    let stats = account.api.get(&format!("/v1/webhooks/{webhook}/stats")).await.expect(200);
    let hours = stats["data"].as_array().unwrap();
    let sum = |name: &str| hours.iter().filter_map(|hour| hour[name].as_u64()).sum();
    (sum("failed"), sum("skipped"))
}

/// Failures that do not open the circuit yet; it would hold the rest back.
const FEW: usize = 9;

/// A webhook with one attempt only that misses `count` reports: its client answers 500 to some,
/// then it is paused. Then the client is mended, and the webhook active again.
pub async fn missed(
    account: &Account,
    receiver: &Receiver,
    count: usize,
) -> (String, HashSet<String>) {
    receiver.set_answer("/hook", Answer::Status(500));
    let webhook = NewWebhook::new(&receiver.url("/hook")).without_retries();
    let webhook = account.create_webhook(webhook).await;
    let path = format!("/v1/webhooks/{webhook}");
    let patience = Duration::from_mins(10);
    let mut reports = hand_over(account, &webhook, FEW).await;
    until(patience, "failures", async || {
        (ended(account, &webhook).await == (FEW as u64, 0)).then_some(())
    })
    .await;
    account.api.patch(&path, &json!({"status": "inactive"})).await.expect(200);
    // What is still sent while instances know the webhook as active fails, or is skipped.
    reports.extend(hand_over(account, &webhook, count - FEW).await);
    until(patience, "the end of all deliveries", async || {
        let (failed, skipped) = ended(account, &webhook).await;
        (failed + skipped == count as u64).then_some(())
    })
    .await;
    receiver.set_answer("/hook", Answer::Status(200));
    account.api.patch(&path, &json!({"status": "active"})).await.expect(200);
    (webhook, reports)
}

/// Replays a webhook as `request` says, and waits until that is over; gives the job.
pub async fn replayed(
    account: &Account,
    webhook_id: &str,
    request: &Value,
    patience: Duration,
) -> Value {
    let path = format!("/v1/webhooks/{webhook_id}/replays");
    let made = account.api.post(&path, request).await;
    made.expect(202);
    let path = made.headers["location"].to_str().unwrap();
    until(patience, &format!("the replay {path}"), async || {
        let job = account.api.get(path).await.expect(200);
        let is_over = !["counting", "sending"].contains(&job["status"].as_str().unwrap());
        is_over.then_some(job)
    })
    .await
}
