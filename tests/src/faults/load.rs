//! Reports that are submitted during a fault, and the outcomes of their deliveries.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use callhook::testing::NewWebhook;
use serde_json::{Value, json};

use crate::cloud::{Account, all_queues_are_empty, new_account, unique_id};
use crate::receiver::Receiver;
use crate::wait::{SOON, until};

/// Reports to the webhooks of one receiver.
pub struct Load {
    account: Account,
    /// The server behind the webhooks.
    pub receiver: Receiver,
    webhooks: Vec<(String, String)>,
    accepted: Vec<String>,
}

/// The outcomes of a load's deliveries.
#[derive(Debug, Default)]
pub struct Balance {
    /// Deliveries of accepted reports.
    pub accepted: usize,
    /// Those that the receiver accepted, and that the API shows as delivered.
    pub delivered: usize,
    /// Those that it did not accept, and that the API shows as failed or skipped.
    pub failed_or_skipped: usize,
    /// All others.
    pub lost: Vec<String>,
    /// Those that the receiver accepted more than once.
    pub duplicated: usize,
    /// Duplicates that the fault does not explain.
    pub unexplained: Vec<String>,
    /// Reports that a search of the journal does not find exactly once, with both of their webhooks.
    pub not_journaled: Vec<String>,
}

impl Load {
    /// Creates two webhooks at `path` of a new receiver, with retries for about a minute, or none if the
    /// receiver `rejects_all` requests.
    pub async fn new(path: &str, rejects_all: bool) -> Self {
        let (account, receiver) = (new_account().await, Receiver::start().await);
        let mut webhooks = Vec::new();
        for side in ["a", "b"] {
            let at = format!("{path}?{side}");
            let schedule =
                if rejects_all { &[][..] } else { &[1, 1, 2, 2, 3, 3, 5, 5, 10, 10, 10, 10] };
            let webhook = NewWebhook::new(&receiver.url(&at)).retrying_after(schedule);
            let webhook = webhook.with("timeout_seconds", 2);
            webhooks.push((account.create_webhook(webhook).await, at));
        }
        Self { account, receiver, webhooks, accepted: Vec::new() }
    }

    /// Submits `count` reports one by one, then as many in an array. Retries what the API does not
    /// accept, as a sender does.
    pub async fn submit(&mut self, count: usize) {
        let webhooks: Vec<_> = self.webhooks.iter().map(|(id, _)| id.clone()).collect();
        let report = || json!({"id": unique_id(), "webhook_ids": webhooks});
        let mut bodies: Vec<Value> = (0..count).map(|_| report()).collect();
        bodies.push((0..count).map(|_| report()).collect());
        for body in bodies {
            let answer = until(SOON, "acceptance of a report", async || {
                let reply = self.account.api.post("/v1/reports", &body).await;
                (reply.status == 202).then(|| reply.expect(202))
            })
            .await;
            let id = |report: &Value| report["id"].as_str().map(str::to_owned);
            self.accepted.extend(id(&answer));
            self.accepted.extend(answer["reports"].as_array().into_iter().flatten().filter_map(id));
        }
    }

    /// Waits until the queues are empty, and compares the outcomes. `explained` decides by arrival times
    /// whether the fault explains duplicates.
    pub async fn balance(&self, explained: impl Fn(&[Instant]) -> bool) -> Balance {
        all_queues_are_empty(Duration::from_mins(10)).await;
        let mut delivered: HashMap<(String, String), Vec<Instant>> = HashMap::new();
        for request in self.receiver.accepted() {
            let key = (request.path.clone(), request.header("webhook-id").to_owned());
            delivered.entry(key).or_default().push(request.arrived);
        }
        let mut balance = Balance::default();
        for report in &self.accepted {
            for (webhook, at) in &self.webhooks {
                balance.accepted += 1;
                let arrived = delivered.remove(&(at.clone(), report.clone())).unwrap_or_default();
                let path = format!("/v1/deliveries/{webhook}.{report}");
                let shown = self.account.api.get(&path).await;
                let found = if shown.status == 200 { shown.expect(200) } else { Value::Null };
                match (arrived.len(), found["status"].as_str()) {
                    (1.., Some("delivered")) => balance.delivered += 1,
                    (0, Some("failed" | "skipped")) => balance.failed_or_skipped += 1,
                    (times, other) => {
                        balance.lost.push(format!("{path}: {other:?}, accepted {times} times"));
                    }
                }
                balance.duplicated += usize::from(arrived.len() > 1);
                if arrived.len() > 1 && !explained(&arrived) {
                    balance.unexplained.push(path);
                }
            }
        }
        let mut journaled: HashMap<String, Vec<usize>> = HashMap::new();
        for row in journal(&self.account).await {
            let webhooks = row["deliveries"].as_array().map_or(0, Vec::len);
            journaled.entry(text(&row["id"])).or_default().push(webhooks);
        }
        for report in &self.accepted {
            let rows = journaled.remove(report).unwrap_or_default();
            if rows != [self.webhooks.len()] {
                balance.not_journaled.push(format!("{report}: rows with {rows:?} webhooks"));
            }
        }
        balance
            .not_journaled
            .extend(journaled.into_keys().map(|id| format!("{id}: never accepted")));
        balance
    }
}

/// All rows of an account's journal.
pub async fn journal(account: &Account) -> Vec<Value> {
    let (mut rows, mut cursor) = (Vec::new(), String::new());
    loop {
        let path = format!("/v1/reports?limit=100{cursor}");
        let page = account.api.get(&path).await.expect(200);
        rows.extend(page["data"].as_array().cloned().unwrap_or_default());
        let Some(next) = page["next_cursor"].as_str() else { return rows };
        cursor = format!("&cursor={next}");
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
