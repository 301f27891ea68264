//! Failed and skipped deliveries, and their replay.

use std::collections::HashSet;
use std::time::Duration;

use callhook::testing::NewWebhook;
use serde_json::{Value, json};

use crate::cloud::{Account, unique_id};
use crate::receiver::{Answer, Receiver};
use crate::wait::until;

/// The request to replay the day of the reports of [`missed`].
pub fn day_of_reports() -> Value {
    json!({"from": "2021-04-09 00:00:00", "to": "2021-04-10T00:00:00Z"})
}

/// Submits `count` reports of that day in arrays; returns their ids.
async fn submit(account: &Account, webhook: &str, count: usize) -> HashSet<String> {
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

/// How many deliveries failed, and how many were skipped.
async fn count_ended(account: &Account, webhook: &str) -> (u64, u64) {
    let stats = account.api.get(&format!("/v1/webhooks/{webhook}/stats")).await.expect(200);
    let hours = stats["data"].as_array().unwrap();
    let sum = |name: &str| hours.iter().filter_map(|hour| hour[name].as_u64()).sum();
    (sum("failed"), sum("skipped"))
}

/// Fewer failures than open the circuit, which would defer the other deliveries.
const FEW: usize = 9;

/// Creates a webhook without retries that misses `count` reports: its receiver answers 500 to some, and
/// the webhook is inactive for the others. Afterwards the receiver answers 200, and the webhook is active.
pub async fn missed(
    account: &Account,
    receiver: &Receiver,
    count: usize,
) -> (String, HashSet<String>) {
    receiver.set_answer("/hook", Answer::Status(500));
    let webhook = NewWebhook::new(&receiver.url("/hook")).without_retries();
    let webhook = account.create_webhook(webhook).await;
    let path = format!("/v1/webhooks/{webhook}");
    let timeout = Duration::from_mins(10);
    let mut reports = submit(account, &webhook, FEW).await;
    until(timeout, "failures", async || {
        (count_ended(account, &webhook).await == (FEW as u64, 0)).then_some(())
    })
    .await;
    account.api.patch(&path, &json!({"status": "inactive"})).await.expect(200);
    // An instance that has the webhook cached as active sends some of these, which fail.
    reports.extend(submit(account, &webhook, count - FEW).await);
    until(timeout, "end of all deliveries", async || {
        let (failed, skipped) = count_ended(account, &webhook).await;
        (failed + skipped == count as u64).then_some(())
    })
    .await;
    receiver.set_answer("/hook", Answer::Status(200));
    account.api.patch(&path, &json!({"status": "active"})).await.expect(200);
    (webhook, reports)
}

/// Starts a replay and waits until it ends; returns the job.
pub async fn replayed(
    account: &Account,
    webhook_id: &str,
    request: &Value,
    timeout: Duration,
) -> Value {
    let path = format!("/v1/webhooks/{webhook_id}/replays");
    let created = account.api.post(&path, request).await;
    created.expect(202);
    let path = created.headers["location"].to_str().unwrap();
    until(timeout, &format!("end of the replay {path}"), async || {
        let job = account.api.get(path).await.expect(200);
        let is_over = !["counting", "sending"].contains(&job["status"].as_str().unwrap());
        is_over.then_some(job)
    })
    .await
}
