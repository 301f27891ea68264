//! Hourly figures of an account, and summaries in the list of webhooks.

#![allow(clippy::unwrap_used, reason = "the helpers of a test fail it")]

use std::time::{Duration, Instant};

use callhook::aws::dynamodb::DeliveriesTable;
use callhook::aws::{client, dynamodb};
use callhook::domain::stats::{ChangePosition, CountedChange, Hour, HourlyCounts};
use callhook::ports::store::StatsWriter as _;
use callhook::testing::NewWebhook;
use callhook_tests::cloud::{Account, new_account, setting, unique_id};
use callhook_tests::receiver::Receiver;
use callhook_tests::wait::{SOON, until};
use futures_util::stream::{self, StreamExt as _};
use jiff::Timestamp;
use serde_json::{Value, json};

/// How often the time of a list with summaries is measured.
const READS: usize = 20;
const WEBHOOKS: u64 = 50;

fn sum(stats: &Value, name: &str) -> u64 {
    stats["data"].as_array().unwrap().iter().filter_map(|hour| hour[name].as_u64()).sum()
}

/// The figures at `path`, once they count `delivered` deliveries.
async fn counted(account: &Account, path: &str, delivered: u64) -> Value {
    until(SOON, path, async || {
        let stats = account.api.get(path).await.expect(200);
        (sum(&stats, "delivered") == delivered).then_some(stats)
    })
    .await
}

#[tokio::test]
async fn account_stats_include_deleted_webhooks() {
    let (account, receiver, other) =
        (new_account().await, Receiver::start().await, new_account().await);
    let once = |path: &str| NewWebhook::new(&receiver.url(path)).without_retries();
    let kept = account.create_webhook(once("/kept")).await;
    let deleted = account.create_webhook(once("/deleted")).await;
    let failing = account.create_webhook(once("/status/500")).await;
    for _ in 0..4 {
        let webhooks = [&kept, &deleted, &failing];
        account.report(&json!({"id": unique_id(), "webhook_ids": webhooks})).await;
    }
    counted(&account, &format!("/v1/webhooks/{deleted}/stats"), 4).await;
    account.api.delete(&format!("/v1/webhooks/{deleted}")).await.expect(204);
    let stats = counted(&account, "/v1/stats", 8).await;
    until(SOON, "failures", async || {
        let stats = account.api.get("/v1/stats").await.expect(200);
        (sum(&stats, "failed") == 4 && sum(&stats, "attempts") == 12).then_some(())
    })
    .await;
    let of_webhook = account.api.get(&format!("/v1/webhooks/{kept}/stats")).await.expect(200);
    assert_eq!(
        stats["data"].as_array().unwrap().len(),
        of_webhook["data"].as_array().unwrap().len()
    );
    assert_eq!(sum(&other.api.get("/v1/stats").await.expect(200), "attempts"), 0);

    let list = account.api.get("/v1/webhooks?include=summary").await.expect(200);
    let webhooks = list["data"].as_array().unwrap();
    let of = |id: &str| webhooks.iter().find(|webhook| webhook["id"] == id).unwrap();
    for (id, delivered, failed, rate) in [(&kept, 4, 0, 1.0), (&failing, 0, 4, 0.0)] {
        let summary = &of(id)["summary"];
        let shown = ["delivered", "failed", "success_rate"].map(|name| summary[name].clone());
        assert_eq!(shown, [json!(delivered), json!(failed), json!(rate)], "{summary}");
        assert_eq!(summary["hourly"]["delivered"].as_array().unwrap().len(), 24);
    }
}

/// Prints how long the list takes. Other tests share the machine, so no assertion is made.
#[tokio::test]
async fn fifty_webhooks_show_their_last_24_hours() {
    let (account, receiver) = (new_account().await, Receiver::start().await);
    let client = dynamodb::client(&client::from_env().unwrap());
    let table = DeliveriesTable::new(client, setting("CALLHOOK_DELIVERIES_TABLE"));
    let now = Timestamp::now();
    let mut webhooks = Vec::new();
    for _ in 0..WEBHOOKS {
        webhooks.push(account.webhook(&receiver.url("/")).await);
    }
    let hours = webhooks.iter().flat_map(|webhook| (0..24).map(move |ago| (webhook, ago)));
    let writes = stream::iter(hours).map(|(webhook, ago)| {
        let (table, hour) = (&table, Hour::of(now - Duration::from_hours(ago)));
        let noted = all_classes();
        async move {
            table.add_webhook_counts(webhook.parse().unwrap(), hour, &noted).await.unwrap();
        }
    });
    writes.buffer_unordered(16).collect::<Vec<_>>().await;

    let mut took = Vec::new();
    for _ in 0..READS {
        let start = Instant::now();
        let list = account.api.get("/v1/webhooks?include=summary").await.expect(200);
        took.push(start.elapsed());
        let webhooks = list["data"].as_array().unwrap();
        assert_eq!(webhooks.len() as u64, WEBHOOKS);
        for webhook in webhooks {
            // The oldest hour is missing if a new one has begun.
            let delivered = webhook["summary"]["delivered"].as_u64().unwrap();
            assert!([24 * 9, 23 * 9].contains(&delivered), "{webhook}");
        }
    }
    let plain = Instant::now();
    account.api.get("/v1/webhooks").await.expect(200);
    let plain = plain.elapsed();
    took.sort_unstable();
    let (median, longest) = (took[READS / 2], took[READS - 1]);
    println!(
        "\nwebhooks.with_summary.ms: median {}, maximum {} of {READS} ({WEBHOOKS} webhooks; {} without summaries)",
        median.as_millis(),
        longest.as_millis(),
        plain.as_millis(),
    );
}

/// Nine deliveries of different latency classes: an item as large as that of a busy webhook.
fn all_classes() -> Vec<CountedChange> {
    let classes = [40, 90, 200, 400, 900, 2_000, 4_000, 9_000, 20_000];
    let noted = (0_u8..).zip(classes).map(|(part, millis)| {
        let mut counts = HourlyCounts::default();
        counts.add_attempt(Duration::from_millis(millis), true);
        let sequence = format!("49{millis:0>19}").parse().unwrap();
        CountedChange { position: ChangePosition { part: part % 8, sequence }, counts }
    });
    noted.collect()
}
