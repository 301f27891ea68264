//! No accepted report is lost in any fault.

use std::time::Duration;

use callhook_tests::cloud::{Account, new_account, unique_id};
use callhook_tests::faults::{self, scenario, table};
use callhook_tests::page;
use callhook_tests::receiver::Receiver;
use callhook_tests::wait::until;
use serde_json::{Value, json};
use tokio::sync::Mutex;

/// Faults affect the whole cloud, so these tests run one after another.
static CLOUD: Mutex<()> = Mutex::const_new(());

#[tokio::test]
async fn no_report_is_lost_in_the_commonest_faults() {
    let _guard = CLOUD.lock().await;
    table::run(scenario::short(), 10).await;
}

/// `make chaos` runs it and writes docs/reliability.md.
#[tokio::test]
#[ignore = "takes minutes: make chaos"]
async fn no_report_is_lost_in_any_fault() {
    let _guard = CLOUD.lock().await;
    page::write("faults", &table::run(scenario::full(), 20).await);
}

/// The deliveries that the hourly figures at `path` count as delivered.
async fn delivered(account: &Account, path: &str) -> u64 {
    let stats = account.api.get(path).await.expect(200);
    let hours = stats.get("data").and_then(Value::as_array).cloned().unwrap_or_default();
    hours.iter().filter_map(|hour| hour.get("delivered")?.as_u64()).sum()
}

#[tokio::test]
async fn deliveries_are_counted_once_when_stats_fails() {
    let _guard = CLOUD.lock().await;
    let (account, receiver) = (new_account().await, Receiver::start().await);
    let mut webhooks = Vec::new();
    for name in ["a", "b", "c"] {
        webhooks.push(account.webhook(&receiver.url(&format!("/{name}"))).await);
    }
    let submit = async |count: usize| {
        for _ in 0..count {
            account.report(&json!({"id": unique_id(), "webhook_ids": webhooks})).await;
        }
    };
    let counted = async |count: u64| {
        let of_webhooks =
            webhooks.iter().map(|webhook| (format!("/v1/webhooks/{webhook}/stats"), count));
        let of_account = ("/v1/stats".to_owned(), count * 3);
        for (path, count) in of_webhooks.chain([of_account]) {
            until(Duration::from_mins(1), "figures", async || {
                (delivered(&account, &path).await == count).then_some(())
            })
            .await;
        }
    };
    // Killed after counting; an error after counting; an error without counting.
    let rules = ["kill_after", "fail_after", "fail"].map(|action| {
        json!({"function": "stats", "operation": "UpdateItem", "action": action, "times": 1})
    });
    faults::set(&rules).await;
    submit(5).await;
    counted(5).await;
    assert_eq!(faults::applied().await, 3, "each rule applied once");
    faults::clear().await;
    // The stream is ordered: records that are read again come before this one.
    submit(1).await;
    counted(6).await;
}
