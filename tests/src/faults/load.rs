//! Reports that are handed over while things fail, and what became of them.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use callhook::testing::NewWebhook;
use serde_json::{Value, json};

use crate::cloud::{Account, all_queues_are_empty, new_account, unique_id};
use crate::receiver::Receiver;
use crate::wait::{SOON, until};

/// Reports on their way to the webhooks of one client.
pub struct Load {
    account: Account,
    /// The client.
    pub receiver: Receiver,
    webhooks: Vec<(String, String)>,
    accepted: Vec<String>,
}

/// What became of a load.
#[derive(Debug, Default)]
pub struct Balance {
    /// Deliveries that were promised.
    pub accepted: usize,
    /// Those that the client says it has.
    pub taken: usize,
    /// Those that it has not, and that the API shows as failed or skipped.
    pub ended: usize,
    /// The rest.
    pub lost: Vec<String>,
    /// Those that the client took more than once.
    pub repeated: usize,
    /// Those of them that the fault does not explain.
    pub unexplained: Vec<String>,
    /// Reports that a search of the journal does not find exactly once, with both of their webhooks.
    pub misjournaled: Vec<String>,
}

impl Load {
    /// Two webhooks at `path` of a client of their own, which try for a minute, or once if the
    /// client `never_takes` anything.
    pub async fn to(path: &str, never_takes: bool) -> Self {
        let (account, receiver) = (new_account().await, Receiver::start().await);
        let mut webhooks = Vec::new();
        for side in ["a", "b"] {
            let at = format!("{path}?{side}");
            let schedule =
                if never_takes { &[][..] } else { &[1, 1, 2, 2, 3, 3, 5, 5, 10, 10, 10, 10] };
            let webhook = NewWebhook::new(&receiver.url(&at)).retrying_after(schedule);
            let webhook = webhook.with("timeout_seconds", 2);
            webhooks.push((account.create_webhook(webhook).await, at));
        }
        Self { account, receiver, webhooks, accepted: Vec::new() }
    }

    /// Hands over `count` reports one by one, then as many at once. What is not accepted is
    /// handed over again, as its sender would.
    pub async fn hand_over(&mut self, count: usize) {
        let webhooks: Vec<_> = self.webhooks.iter().map(|(id, _)| id.clone()).collect();
        let report = || json!({"id": unique_id(), "webhook_ids": webhooks});
        let mut bodies: Vec<Value> = (0..count).map(|_| report()).collect();
        bodies.push((0..count).map(|_| report()).collect());
        for body in bodies {
            let answer = until(SOON, "a report to be accepted", async || {
                let reply = self.account.api.post("/v1/reports", &body).await;
                (reply.status == 202).then(|| reply.expect(202))
            })
            .await;
            let id = |report: &Value| report["id"].as_str().map(str::to_owned);
            self.accepted.extend(id(&answer));
            self.accepted.extend(answer["reports"].as_array().into_iter().flatten().filter_map(id));
        }
    }

    /// Waits until nothing is on its way any more, and draws up the balance. `explained` says of
    /// copies, by when they arrived, whether the fault is the reason.
    pub async fn balance(&self, explained: impl Fn(&[Instant]) -> bool) -> Balance {
        all_queues_are_empty(Duration::from_mins(10)).await;
        let mut taken: HashMap<(String, String), Vec<Instant>> = HashMap::new();
        for request in self.receiver.taken() {
            let key = (request.path.clone(), request.header("webhook-id").to_owned());
            taken.entry(key).or_default().push(request.arrived);
        }
        let mut balance = Balance::default();
        for report in &self.accepted {
            for (webhook, at) in &self.webhooks {
                balance.accepted += 1;
                let arrived = taken.remove(&(at.clone(), report.clone())).unwrap_or_default();
                let path = format!("/v1/deliveries/{webhook}.{report}");
                let shown = self.account.api.get(&path).await;
                let found = if shown.status == 200 { shown.expect(200) } else { Value::Null };
                match (arrived.len(), found["status"].as_str()) {
                    // What the client has, the API shows as delivered.
                    (1.., Some("delivered")) => balance.taken += 1,
                    (0, Some("failed" | "skipped")) => balance.ended += 1,
                    (times, other) => {
                        balance.lost.push(format!("{path}: {other:?}, taken {times} times"));
                    }
                }
                balance.repeated += usize::from(arrived.len() > 1);
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
                balance.misjournaled.push(format!("{report}: rows with {rows:?} webhooks"));
            }
        }
        balance
            .misjournaled
            .extend(journaled.into_keys().map(|id| format!("{id}: never accepted")));
        balance
    }
}

/// What a search of an account's journal finds.
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
