use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, Ordering};

use callhook::aws::dynamodb::DeliveriesTable;
use callhook::domain::account::AccountId;
use callhook::domain::delivery::{DeliveryState, DeliveryUpdate};
use callhook::domain::ids::WebhookId;
use callhook::domain::stats::{CountedChange, Hour, HourlyCounts, Hours};
use callhook::ports::store::StatsReader;
use callhook::testing::TestTables;
use callhook::testing::log::{
    CALL_END, at, attempt, key, report_id, update, write, write_unwanted,
};
use serde_json::{Value, json};

use super::*;
use crate::event::UnknownShard;

fn event(value: &Value) -> StreamEvent {
    serde_json::from_value(value.clone()).unwrap()
}

/// Report number `n` to `webhook`, answered with `code`.
fn answered(webhook: WebhookId, n: u16, code: u16) -> DeliveryUpdate {
    let key = key(webhook, report_id(CALL_END, n));
    let state = if code == 200 {
        DeliveryState::Delivered
    } else {
        DeliveryState::Failed { reason: "no attempt is left".to_owned() }
    };
    DeliveryUpdate { attempt: Some(attempt(Ok(code), b"")), ..update("acme", key, state) }
}

fn hours() -> Hours {
    let query = [("from", "2021-04-09T16:00:00Z"), ("to", "2021-04-09T17:00:00Z")];
    let query = HashMap::from(query.map(|(name, text)| (name.to_owned(), text.to_owned())));
    Hours::from_query(&query, &jiff::tz::TimeZone::UTC, at()).unwrap()
}

async fn counts(table: &DeliveriesTable, webhook: WebhookId) -> HourlyCounts {
    table.webhook_counts(webhook, hours()).await.unwrap().into_values().next().unwrap_or_default()
}

async fn account_counts(table: &DeliveriesTable, account: &str) -> HourlyCounts {
    let read = table.account_counts(&account.parse().unwrap(), hours()).await;
    read.unwrap().into_values().next().unwrap_or_default()
}

/// A store whose first writes of webhooks or of accounts fail, before or after they take effect.
struct Failing {
    table: DeliveriesTable,
    of_webhooks: AtomicU32,
    of_accounts: AtomicU32,
    /// Whether a failing write takes effect, as when its response is lost.
    takes_effect: bool,
}

impl Failing {
    fn new(
        table: &DeliveriesTable,
        of_webhooks: u32,
        of_accounts: u32,
        takes_effect: bool,
    ) -> Self {
        let (of_webhooks, of_accounts) = (of_webhooks.into(), of_accounts.into());
        Self { table: table.clone(), of_webhooks, of_accounts, takes_effect }
    }

    async fn write(
        &self,
        left: &AtomicU32,
        write: impl Future<Output = Result<(), StoreError>>,
    ) -> Result<(), StoreError> {
        let fails = left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |n| n.checked_sub(1));
        if fails.is_err() {
            return write.await;
        }
        if self.takes_effect {
            write.await?;
        }
        Err(StoreError::Unavailable { action: "counting", source: "throttled".into() })
    }
}

impl StatsWriter for Failing {
    async fn add_webhook_counts(
        &self,
        webhook: WebhookId,
        hour: Hour,
        noted: &[CountedChange],
    ) -> Result<(), StoreError> {
        self.write(&self.of_webhooks, self.table.add_webhook_counts(webhook, hour, noted)).await
    }

    async fn add_account_counts(
        &self,
        account: &AccountId,
        hour: Hour,
        shard: &StreamShard,
        noted: &[CountedChange],
    ) -> Result<(), StoreError> {
        let write = self.table.add_account_counts(account, hour, shard, noted);
        self.write(&self.of_accounts, write).await
    }
}

#[tokio::test]
async fn outcomes_in_the_log_are_counted() {
    let tables = TestTables::start().await.unwrap();
    let (table, mut stream) = (tables.deliveries(), tables.log_stream().unwrap());
    let (one, other) = (WebhookId::generate(), WebhookId::generate());
    for n in 0..20 {
        write(&table, answered(one, n, 200)).await;
    }
    write(&table, answered(other, 1, 500)).await;
    // A report that no webhook wants is not counted.
    write_unwanted(&table, "acme", report_id(CALL_END, 30)).await;

    let event_json = stream.next(1_000).unwrap().unwrap();
    handle(&table, event(&event_json)).await.unwrap();
    let found = counts(&table, one).await;
    assert_eq!((found.attempts, found.delivered, found.failed), (20, 20, 0));
    assert_eq!(found.latency.percentile(0.5), Some(25), "41 ms are in the first bucket");
    let found = counts(&table, other).await;
    assert_eq!((found.attempts, found.failed_attempts, found.failed), (1, 1, 1));
    assert_eq!(stream.next(1_000).unwrap(), None, "the figures themselves are not counted");
}

#[tokio::test]
async fn an_event_that_is_sent_again_counts_once() {
    let tables = TestTables::start().await.unwrap();
    let (table, mut stream) = (tables.deliveries(), tables.log_stream().unwrap());
    let mut written = 0;
    // How many writes of webhooks and of accounts fail, and whether they take effect.
    for (of_webhooks, of_accounts, takes_effect) in
        [(1, 0, false), (2, 0, false), (0, 1, false), (1, 1, true), (0, 1, true), (2, 1, false)]
    {
        let webhooks = [WebhookId::generate(), WebhookId::generate()];
        for webhook in webhooks {
            for n in 0..9 {
                write(&table, answered(webhook, n, 500)).await;
            }
        }
        written += 18;
        let event_json = stream.next(1_000).unwrap().unwrap();
        let failing = Failing::new(&table, of_webhooks, of_accounts, takes_effect);
        let error = handle(&failing, event(&event_json)).await.unwrap_err();
        assert!(error.to_string().contains("counting"), "{error}");
        for _ in 0..2 {
            handle(&failing, event(&event_json)).await.unwrap();
        }
        for webhook in webhooks {
            let found = counts(&table, webhook).await;
            assert_eq!((found.attempts, found.failed), (9, 9));
        }
        let found = account_counts(&table, "acme").await;
        assert_eq!(
            (found.attempts, found.failed),
            (written, written),
            "{of_webhooks} {takes_effect}"
        );
    }
}

/// An event of the records `range` of `all`, from `shard`.
fn part_of(all: &Value, range: std::ops::Range<usize>, shard: &str) -> StreamEvent {
    let records = &all["Records"].as_array().unwrap()[range];
    event(&json!({"Records": records, "shardId": shard}))
}

#[tokio::test]
async fn an_account_has_the_figures_of_all_its_webhooks() {
    let tables = TestTables::start().await.unwrap();
    let (table, mut stream) = (tables.deliveries(), tables.log_stream().unwrap());
    let webhooks = [(); 5].map(|()| WebhookId::generate());
    for (n, webhook) in (0..).zip(webhooks) {
        write(&table, answered(webhook, n, 200)).await;
        write(&table, answered(webhook, n + 100, 500)).await;
    }
    let foreign = DeliveryUpdate {
        account_id: "other".parse().unwrap(),
        ..answered(webhooks[0], 1_000, 200)
    };
    write(&table, foreign).await;
    let event_json = stream.next(1_000).unwrap().unwrap();
    handle(&table, event(&event_json)).await.unwrap();
    let mut sum = HourlyCounts::default();
    for webhook in webhooks {
        sum.merge(&counts(&table, webhook).await);
    }
    let (acme, other) =
        (account_counts(&table, "acme").await, account_counts(&table, "other").await);
    assert_eq!((acme.delivered, acme.failed, acme.attempts), (5, 5, 10));
    assert_eq!(other.delivered, 1);
    let mut both = acme;
    both.merge(&other);
    assert_eq!(both, sum);
}

#[tokio::test]
async fn changes_count_whatever_the_order_of_their_shards() {
    let tables = TestTables::start().await.unwrap();
    let (table, mut stream) = (tables.deliveries(), tables.log_stream().unwrap());
    for n in 0..10 {
        // Ten webhooks, so ten partition keys: their changes have no order.
        write(&table, answered(WebhookId::generate(), n * 8, 200)).await;
    }
    let event_json = stream.next(1_000).unwrap().unwrap();
    // The second shard's sequence numbers are smaller than those counted before.
    handle(&table, part_of(&event_json, 5..10, "shardId-2")).await.unwrap();
    handle(&table, part_of(&event_json, 0..5, "shardId-1")).await.unwrap();
    assert_eq!(account_counts(&table, "acme").await.delivered, 10);
    // Lambda halves a batch that fails, and may repeat changes in batches of other sizes.
    for (from, to, shard) in [(0, 2, "shardId-1"), (2, 5, "shardId-1"), (6, 10, "shardId-2")] {
        handle(&table, part_of(&event_json, from..to, shard)).await.unwrap();
    }
    assert_eq!(account_counts(&table, "acme").await.delivered, 10);
}

#[tokio::test]
async fn an_event_without_a_shard_counts_for_webhooks_only() {
    let tables = TestTables::start().await.unwrap();
    let (table, mut stream) = (tables.deliveries(), tables.log_stream().unwrap());
    let webhook = WebhookId::generate();
    write(&table, answered(webhook, 1, 200)).await;
    let mut event_json = stream.next(1_000).unwrap().unwrap();
    let shard = event_json.as_object_mut().unwrap().remove("shardId").unwrap();
    handle(&table, event(&event_json)).await.unwrap();
    assert_eq!(counts(&table, webhook).await.delivered, 1);
    assert_eq!(account_counts(&table, "acme").await.delivered, 0);
    assert!(shard.as_str().unwrap().parse::<StreamShard>().is_ok());
    let errors = ["", "a#b"].map(|id| event(&json!({"shardId": id})).shard().unwrap_err());
    assert!(errors.iter().all(|error| matches!(error, UnknownShard::Invalid(_))), "{errors:?}");
}

#[tokio::test]
async fn the_end_of_a_window_is_answered_with_a_state() {
    let table = TestTables::start().await.unwrap().deliveries();
    let end = json!({
        "Records": [], "window": {"start": "2026-11-22T22:00:00Z", "end": "2026-11-22T22:15:00Z"},
        "state": {}, "shardId": "shardId-1", "eventSourceARN": "arn", "isFinalInvokeForWindow": true,
        "isWindowTerminatedEarly": false,
    });
    let answer = handle(&table, event(&end)).await.unwrap();
    assert_eq!(serde_json::to_value(answer).unwrap(), json!({"state": {}}));
}

#[tokio::test]
async fn an_unreadable_change_does_not_block_the_others() {
    let tables = TestTables::start().await.unwrap();
    let (table, mut stream) = (tables.deliveries(), tables.log_stream().unwrap());
    let webhook = WebhookId::generate();
    write(&table, answered(webhook, 1, 200)).await;
    let mut event_json = stream.next(1_000).unwrap().unwrap();
    let good = event_json["Records"][0].clone();
    let mut bad = good.clone();
    bad["dynamodb"]["NewImage"]["attempts"] = json!({"S": "of a later build"});
    let deleted = json!({"eventName": "REMOVE", "dynamodb": {
        "Keys": good["dynamodb"]["Keys"], "OldImage": good["dynamodb"]["NewImage"], "SequenceNumber": "1",
    }});
    event_json["Records"] = json!([bad, deleted, good]);
    handle(&table, event(&event_json)).await.unwrap();
    assert_eq!(counts(&table, webhook).await.attempts, 1);
}

#[tokio::test]
async fn a_schedule_is_counted_attempt_by_attempt() {
    let tables = TestTables::start().await.unwrap();
    let (table, mut stream) = (tables.deliveries(), tables.log_stream().unwrap());
    let webhook = WebhookId::generate();
    let retrying = DeliveryState::Retrying { next_attempt_at: at() };
    let first = DeliveryUpdate { state: retrying, ..answered(webhook, 1, 503) };
    write(&table, first).await;
    write(&table, DeliveryUpdate { number: 2, ..answered(webhook, 1, 200) }).await;
    while let Some(event_json) = stream.next(1_000).unwrap() {
        handle(&table, event(&event_json)).await.unwrap();
    }
    let found = counts(&table, webhook).await;
    assert_eq!((found.attempts, found.failed_attempts, found.delivered), (2, 1, 1));
}
