//! The local cloud that the tests run on.

use std::collections::{HashMap, HashSet};
use std::env;
use std::time::Duration;

use aws_sdk_sqs::types::QueueAttributeName;
use callhook::aws::client;
use callhook::aws::dynamodb::{self, DeliveriesTable};
use callhook::aws::sqs;
use callhook::domain::delivery::{DeliveryKey, LogEntry};
use callhook::ports::store::DeliveryLog;
use callhook::testing::NewWebhook;
use serde_json::json;
use uuid::Uuid;

use crate::api::Api;
use crate::wait::until;

/// A variable that `make test-e2e` puts into the environment.
pub fn setting(name: &str) -> String {
    env::var(name).unwrap_or_else(|_| {
        panic!("{name} is not set: run the end-to-end tests with `make test-e2e`")
    })
}

/// The name of `function` in the stack.
pub fn deployed_name(function: &str) -> String {
    let names: HashMap<String, String> =
        serde_json::from_str(&setting("CALLHOOK_FUNCTIONS")).expect("names by function");
    names.get(function).unwrap_or_else(|| panic!("no function {function}")).clone()
}

/// The process id of the local cloud. A restart changes it.
pub fn cloud_pid() -> u32 {
    let file = setting("CALLHOOK_CLOUD_PID_FILE");
    let text = std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{file}: {error}"));
    text.trim().parse().expect("a process id")
}

/// The API with the platform's key.
pub fn platform() -> Api {
    Api::new(&setting("CALLHOOK_URL"), &setting("CALLHOOK_PLATFORM_KEY"))
}

/// Creates an account and a key of it. Each test has its own accounts.
pub async fn new_account() -> Account {
    let platform = platform();
    let created = platform.post("/v1/accounts", &json!({"name": "End to end"})).await;
    let id = created.expect(201)["id"].as_str().unwrap().to_owned();
    let key = platform.post(&format!("/v1/accounts/{id}/keys"), &json!({"name": "test"})).await;
    let key = key.expect(201)["key"].as_str().unwrap().to_owned();
    Account { id, api: Api::new(&setting("CALLHOOK_URL"), &key) }
}

/// An account of one test.
pub struct Account {
    /// The account's id.
    pub id: String,
    /// The API with the account's key.
    pub api: Api,
}

impl Account {
    /// Creates a webhook for `url` with the default settings; returns its id.
    pub async fn webhook(&self, url: &str) -> String {
        self.create_webhook(NewWebhook::new(url)).await
    }

    /// Creates a webhook; returns its id.
    pub async fn create_webhook(&self, webhook: NewWebhook) -> String {
        let created = self.api.post("/v1/webhooks", &webhook.json()).await;
        created.expect(201)["id"].as_str().unwrap().to_owned()
    }

    /// Submits one report; returns its id.
    pub async fn report(&self, report: &serde_json::Value) -> String {
        let accepted = self.api.post("/v1/reports", report).await;
        accepted.expect(202)["id"].as_str().unwrap().to_owned()
    }
}

/// A unique id for a report.
pub fn unique_id() -> String {
    Uuid::now_v7().to_string()
}

/// The log entry of a delivery, once it meets the condition `wanted`.
pub async fn logged(
    webhook_id: &str,
    report_id: &str,
    timeout: Duration,
    wanted: impl Fn(&LogEntry) -> bool,
) -> LogEntry {
    let client = dynamodb::client(&client::from_env().expect("the environment of the cloud"));
    let log = DeliveriesTable::new(client, setting("CALLHOOK_DELIVERIES_TABLE"));
    let key = DeliveryKey {
        webhook_id: webhook_id.parse().unwrap(),
        report_id: report_id.parse().unwrap(),
    };
    let what = format!("expected log entry of report {report_id} and webhook {webhook_id}");
    until(timeout, &what, async || {
        let logged = log.look_up(&[key], &HashSet::new()).await.expect("reading the log").logged;
        logged.get(&key).cloned().filter(|entry| wanted(entry))
    })
    .await
}

/// The queues of deliver. A message that moves goes from the first to the second or back, so reading the
/// first again sees one that moved meanwhile.
const DELIVER_QUEUES: [&str; 3] =
    ["CALLHOOK_REPORTS_QUEUE_URL", "CALLHOOK_RETRIES_QUEUE_URL", "CALLHOOK_REPORTS_QUEUE_URL"];

/// Waits until the queues of deliver hold no message: none visible, delayed or in flight.
pub async fn all_queues_are_empty(timeout: Duration) {
    let counts = [
        QueueAttributeName::ApproximateNumberOfMessages,
        QueueAttributeName::ApproximateNumberOfMessagesDelayed,
        QueueAttributeName::ApproximateNumberOfMessagesNotVisible,
    ];
    until(timeout, "empty queues", async || are_zero(&counts).await.then_some(())).await;
}

/// Waits until deliver processes no message. Delayed messages may remain in the queues.
pub async fn nothing_is_in_flight(timeout: Duration) {
    let counts = [
        QueueAttributeName::ApproximateNumberOfMessages,
        QueueAttributeName::ApproximateNumberOfMessagesNotVisible,
    ];
    until(timeout, "end of all attempts", async || are_zero(&counts).await.then_some(())).await;
}

async fn are_zero(counts: &[QueueAttributeName]) -> bool {
    let client = sqs::client(&client::from_env().expect("the environment of the cloud"));
    for queue in DELIVER_QUEUES {
        let request = client.get_queue_attributes().queue_url(setting(queue));
        let answer = request.set_attribute_names(Some(counts.to_vec())).send().await;
        let found = answer.expect("the attributes").attributes.unwrap_or_default();
        if counts.iter().any(|count| found.get(count).map(String::as_str) != Some("0")) {
            return false;
        }
    }
    true
}
