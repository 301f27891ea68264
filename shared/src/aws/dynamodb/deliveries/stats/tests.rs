use std::collections::HashMap;
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::*;
use crate::testing::{TestTables, noted, noted_in};

fn hours(from: &str, to: &str) -> Hours {
    let query = [("from", from), ("to", to)].map(|(k, v)| (k.to_owned(), v.to_owned()));
    Hours::from_query(&HashMap::from(query), &TimeZone::UTC, Timestamp::UNIX_EPOCH).unwrap()
}

fn attempts(millis: &[u64]) -> HourlyCounts {
    let mut counts = HourlyCounts::default();
    for millis in millis {
        counts.add_attempt(Duration::from_millis(*millis), *millis < 100);
    }
    counts
}

async fn counted(table: &DeliveriesTable, webhook: WebhookId) -> HourlyCounts {
    let found = table.webhook_counts(webhook, hours("2026-11-22", "2026-11-23")).await.unwrap();
    found.into_values().next().unwrap_or_default()
}

fn hour() -> Hour {
    "2026-11-22T23".parse().unwrap()
}

#[tokio::test]
async fn counts_add_up_by_hour() {
    let tables = TestTables::start().await.unwrap();
    let (table, webhook) = (tables.deliveries(), WebhookId::generate());
    let (some, more) = (attempts(&[40, 90]), attempts(&[31_000]));
    table.add_webhook_counts(webhook, hour(), &[noted(1, some), noted(2, more)]).await.unwrap();
    table.add_webhook_counts(webhook, hour(), &[noted(3, more)]).await.unwrap();
    let read = table.webhook_counts(webhook, hours("2026-11-22", "2026-11-23")).await.unwrap();
    assert_eq!(read, BTreeMap::from([(hour(), attempts(&[40, 90, 31_000, 31_000]))]));

    let before = table.webhook_counts(webhook, hours("2026-11-22", "2026-11-22T23:00:00Z")).await;
    assert_eq!(before.unwrap(), BTreeMap::new());
    let other =
        table.webhook_counts(WebhookId::generate(), hours("2026-11-22", "2026-11-23")).await;
    assert_eq!(other.unwrap(), BTreeMap::new());
}

#[tokio::test]
async fn a_repeated_change_is_counted_once() {
    let tables = TestTables::start().await.unwrap();
    let (table, webhook) = (tables.deliveries(), WebhookId::generate());
    let one = attempts(&[40]);
    table.add_webhook_counts(webhook, hour(), &[noted(8, one), noted(9, one)]).await.unwrap();
    // The stream repeats a batch, with later changes.
    table.add_webhook_counts(webhook, hour(), &[noted(8, one), noted(9, one)]).await.unwrap();
    table
        .add_webhook_counts(webhook, hour(), &[noted(9, one), noted(10, one), noted(11, one)])
        .await
        .unwrap();
    assert_eq!(counted(&table, webhook).await.attempts, 4);
}

#[tokio::test]
async fn each_part_of_the_log_has_an_order_of_its_own() {
    let tables = TestTables::start().await.unwrap();
    let (table, webhook) = (tables.deliveries(), WebhookId::generate());
    let one = attempts(&[40]);
    table
        .add_webhook_counts(webhook, hour(), &[noted_in(0, 50, one), noted_in(7, 3, one)])
        .await
        .unwrap();
    let again = [noted_in(0, 50, one), noted_in(1, 2, one), noted_in(7, 4, one)];
    table.add_webhook_counts(webhook, hour(), &again).await.unwrap();
    assert_eq!(counted(&table, webhook).await.attempts, 4);
}

fn acme() -> AccountId {
    "acme".parse().unwrap()
}

async fn counted_of_acme(table: &DeliveriesTable) -> HourlyCounts {
    let found = table.account_counts(&acme(), hours("2026-11-22", "2026-11-23")).await.unwrap();
    found.into_values().next().unwrap_or_default()
}

#[tokio::test]
async fn each_shard_of_the_stream_has_an_order_of_its_own() {
    let tables = TestTables::start().await.unwrap();
    let (table, one) = (tables.deliveries(), attempts(&[40]));
    let shards: [StreamShard; 2] =
        ["shardId-0000-a", "shardId-0000-b"].map(|id| id.parse().unwrap());
    let count = async |shard: usize, noted: &[CountedChange]| {
        table.add_account_counts(&acme(), hour(), &shards[shard], noted).await.unwrap();
    };
    // Changes of two parts of the log of webhooks, in one order.
    count(0, &[noted_in(3, 50, one), noted_in(0, 51, one)]).await;
    count(1, &[noted_in(3, 7, one)]).await;
    assert_eq!(counted_of_acme(&table).await.attempts, 3);
    // A batch that is repeated with later changes, or only its end.
    count(0, &[noted_in(3, 50, one), noted_in(0, 51, one), noted_in(3, 52, one)]).await;
    count(0, &[noted_in(0, 51, one)]).await;
    count(1, &[noted_in(3, 7, one), noted_in(3, 8, one)]).await;
    assert_eq!(counted_of_acme(&table).await.attempts, 5);
}

#[tokio::test]
async fn an_account_and_a_webhook_of_the_same_name_have_their_own_figures() {
    let tables = TestTables::start().await.unwrap();
    let (table, webhook, one) = (tables.deliveries(), WebhookId::generate(), attempts(&[40]));
    let account: AccountId = webhook.to_string().parse().unwrap();
    let shard = "shardId-1".parse().unwrap();
    table.add_account_counts(&account, hour(), &shard, &[noted(1, one)]).await.unwrap();
    assert_eq!(counted(&table, webhook).await, HourlyCounts::default());
    table.add_webhook_counts(webhook, hour(), &[noted(1, one), noted(2, one)]).await.unwrap();
    let of_account = table.account_counts(&account, hours("2026-11-22", "2026-11-23")).await;
    assert_eq!(of_account.unwrap(), BTreeMap::from([(hour(), one)]));
}

#[tokio::test]
async fn outcomes_equal_the_figures() {
    let tables = TestTables::start().await.unwrap();
    let (table, webhook) = (tables.deliveries(), WebhookId::generate());
    let counts = HourlyCounts { delivered: 3, failed: 2, ..attempts(&[31_000]) };
    table.add_webhook_counts(webhook, hour(), &[noted(1, counts)]).await.unwrap();
    let quiet = Hour::of("2026-11-22T01:00:00Z".parse().unwrap());
    table.add_webhook_counts(webhook, quiet, &[noted(1, attempts(&[31_000]))]).await.unwrap();
    let read = table.outcomes(webhook, hours("2026-11-22", "2026-11-23")).await.unwrap();
    let expected = [(hour(), Outcomes { delivered: 3, failed: 2 }), (quiet, Outcomes::default())];
    assert_eq!(read, BTreeMap::from(expected));
}

#[tokio::test]
async fn counts_expire_after_400_days_and_no_changes_write_nothing() {
    let tables = TestTables::start().await.unwrap();
    let (table, webhook) = (tables.deliveries(), WebhookId::generate());
    let hour = Hour::of(Timestamp::UNIX_EPOCH);
    table.add_webhook_counts(webhook, hour, &[]).await.unwrap();
    let stored = async || {
        let key = key(stats_pk(webhook), "1970-01-01T00".to_owned());
        let get = tables.client.get_item().table_name(&table.table).set_key(Some(key));
        get.send().await.unwrap().item
    };
    assert_eq!(stored().await, None);
    let counts = HourlyCounts { delivered: 1, ..HourlyCounts::default() };
    table.add_webhook_counts(webhook, hour, &[noted(1, counts)]).await.unwrap();
    let item = stored().await.unwrap();
    assert_eq!(item["expires_at"], n(400 * 24 * 60 * 60));
    // pk, sk, expires_at, the one count, and the last counted change.
    assert_eq!(item.len(), 5, "{item:?}");
}
