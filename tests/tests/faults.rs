//! Nothing that was accepted is lost, whatever fails.

use std::time::Duration;

use callhook_tests::cloud::{Account, new_account, unique_id};
use callhook_tests::faults::{self, scenario, table};
use callhook_tests::page;
use callhook_tests::receiver::Receiver;
use callhook_tests::wait::until;
use serde_json::{Value, json};
use tokio::sync::Mutex;

/// Faults happen to the whole cloud.
static CLOUD: Mutex<()> = Mutex::const_new(());

#[tokio::test]
async fn nothing_is_lost_in_the_commonest_faults() {
    let _mine = CLOUD.lock().await;
    table::run(scenario::short(), 10).await;
}

/// `make chaos`: every fault, told in docs/reliability.md.
#[tokio::test]
#[ignore = "takes minutes: make chaos"]
async fn nothing_is_lost_in_any_fault() {
    let _mine = CLOUD.lock().await;
    page::write("faults", &table::run(scenario::full(), 20).await);
}

/// How many deliveries the hourly figures at `path` count as accepted.
async fn delivered(account: &Account, path: &str) -> u64 {
    let stats = account.api.get(path).await.expect(200);
    let hours = stats.get("data").and_then(Value::as_array).cloned().unwrap_or_default();
    hours.iter().filter_map(|hour| hour.get("delivered")?.as_u64()).sum()
}

#[tokio::test]
async fn figures_count_once_whatever_happens_to_stats() {
    let _mine = CLOUD.lock().await;
    let (account, receiver) = (new_account().await, Receiver::start().await);
    let mut webhooks = Vec::new();
    for name in ["a", "b", "c"] {
        webhooks.push(account.webhook(&receiver.url(&format!("/{name}"))).await);
    }
    let hand_over = async |count: usize| {
        for _ in 0..count {
            account.report(&json!({"id": unique_id(), "webhook_ids": webhooks})).await;
        }
    };
    let counted = async |count: u64| {
        let of_webhooks =
            webhooks.iter().map(|webhook| (format!("/v1/webhooks/{webhook}/stats"), count));
        let of_account = ("/v1/stats".to_owned(), count * 3);
        for (path, count) in of_webhooks.chain([of_account]) {
            until(Duration::from_mins(1), "the figures", async || {
                (delivered(&account, &path).await == count).then_some(())
            })
            .await;
        }
    };
    // Counted, and killed; counted, and told that it was not; not counted.
    let rules = ["kill_after", "fail_after", "fail"].map(|action| {
        json!({"function": "stats", "operation": "UpdateItem", "action": action, "times": 1})
    });
    faults::set(&rules).await;
    hand_over(5).await;
    counted(5).await;
    assert_eq!(faults::applied().await, 3, "each fault happened");
    faults::clear().await;
    // The stream has an order: whatever came again has come before this.
    hand_over(1).await;
    counted(6).await;
}
