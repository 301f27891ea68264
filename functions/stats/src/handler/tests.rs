use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, Ordering};

use callhook::delivery::{DeliveryRecord, DeliveryState};
use callhook::dynamodb::DeliveriesTable;
use callhook::ids::WebhookId;
use callhook::stats::{Hour, HourlyCounts, Hours, Noted};
use callhook::store::StatsReader;
use callhook::testing::TestTables;
use callhook::testing::log::{
    CALL_END, at, attempt, key, record, report_id, write, write_unwanted,
};
use serde_json::{Value, json};

use super::*;

fn event(value: &Value) -> StreamEvent {
    serde_json::from_value(value.clone()).unwrap()
}

/// Report number `n` to `webhook`, answered with `code`.
fn answered(webhook: WebhookId, n: u16, code: u16) -> DeliveryRecord {
    let key = key(webhook, report_id(CALL_END, n));
    let state = if code == 200 {
        DeliveryState::Delivered
    } else {
        DeliveryState::Failed { reason: "no attempt is left".to_owned() }
    };
    DeliveryRecord { attempt: Some(attempt(Ok(code), b"")), ..record("acme", key, state) }
}

async fn counts(table: &DeliveriesTable, webhook: WebhookId) -> HourlyCounts {
    let query = [("from", "2021-04-09T16:00:00Z"), ("to", "2021-04-09T17:00:00Z")];
    let query = HashMap::from(query.map(|(name, text)| (name.to_owned(), text.to_owned())));
    let hours = Hours::from_query(&query, &jiff::tz::TimeZone::UTC, at()).unwrap();
    table.counts(webhook, hours).await.unwrap().into_values().next().unwrap_or_default()
}

/// A store whose first writes fail.
struct Failing<'a> {
    table: &'a DeliveriesTable,
    left: AtomicU32,
}

impl StatsLog for Failing<'static> {
    async fn count(
        &self,
        webhook: WebhookId,
        hour: Hour,
        noted: &[Noted],
    ) -> Result<(), StoreError> {
        let fails =
            self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |n| n.checked_sub(1));
        if fails.is_ok() {
            return Err(StoreError::Unavailable { action: "counting", source: "throttled".into() });
        }
        self.table.count(webhook, hour, noted).await
    }
}

#[tokio::test]
async fn what_deliver_logs_is_counted() {
    let tables = TestTables::start().await.unwrap();
    let (table, mut stream) = (tables.deliveries(), tables.log_stream().unwrap());
    let (one, other) = (WebhookId::generate(), WebhookId::generate());
    for n in 0..20 {
        write(&table, answered(one, n, 200)).await;
    }
    write(&table, answered(other, 1, 500)).await;
    // None of these is of a webhook's deliveries.
    write_unwanted(&table, "acme", report_id(CALL_END, 30)).await;

    let told = stream.next(1_000).unwrap().unwrap();
    handle(&table, event(&told)).await.unwrap();
    let found = counts(&table, one).await;
    assert_eq!((found.attempts, found.delivered, found.failed), (20, 20, 0));
    assert_eq!(found.latency.percentile(0.5), Some(25), "41 ms are within the first class");
    let found = counts(&table, other).await;
    assert_eq!((found.attempts, found.failed_attempts, found.failed), (1, 1, 1));
    assert_eq!(stream.next(1_000).unwrap(), None, "the figures themselves are not counted");
}

#[tokio::test]
async fn an_event_that_comes_again_counts_once() {
    let tables = TestTables::start().await.unwrap();
    let (table, mut stream) = (tables.deliveries(), tables.log_stream().unwrap());
    let table: &'static DeliveriesTable = Box::leak(Box::new(table));
    let webhooks = [WebhookId::generate(), WebhookId::generate()];
    for webhook in webhooks {
        for n in 0..9 {
            write(table, answered(webhook, n, 500)).await;
        }
    }
    let told = stream.next(1_000).unwrap().unwrap();
    let failing = Failing { table, left: AtomicU32::new(1) };
    let error = handle(&failing, event(&told)).await.unwrap_err();
    assert!(error.to_string().contains("counting"), "{error}");
    for _ in 0..2 {
        handle(&failing, event(&told)).await.unwrap();
    }
    for webhook in webhooks {
        let found = counts(table, webhook).await;
        assert_eq!((found.attempts, found.failed), (9, 9));
    }
}

#[tokio::test]
async fn what_cannot_be_read_does_not_hold_up_the_rest() {
    let tables = TestTables::start().await.unwrap();
    let (table, mut stream) = (tables.deliveries(), tables.log_stream().unwrap());
    let webhook = WebhookId::generate();
    write(&table, answered(webhook, 1, 200)).await;
    let mut told = stream.next(1_000).unwrap().unwrap();
    let good = told["Records"][0].clone();
    let mut bad = good.clone();
    bad["dynamodb"]["NewImage"]["attempts"] = json!({"S": "of a later build"});
    let deleted = json!({"eventName": "REMOVE", "dynamodb": {
        "Keys": good["dynamodb"]["Keys"], "OldImage": good["dynamodb"]["NewImage"], "SequenceNumber": "1",
    }});
    told["Records"] = json!([bad, deleted, good]);
    handle(&table, event(&told)).await.unwrap();
    assert_eq!(counts(&table, webhook).await.attempts, 1);
}

#[tokio::test]
async fn a_schedule_is_counted_attempt_by_attempt() {
    let tables = TestTables::start().await.unwrap();
    let (table, mut stream) = (tables.deliveries(), tables.log_stream().unwrap());
    let webhook = WebhookId::generate();
    let retrying = DeliveryState::Retrying { next_attempt_at: at() };
    let first = DeliveryRecord { state: retrying, ..answered(webhook, 1, 503) };
    write(&table, first).await;
    write(&table, DeliveryRecord { number: 2, ..answered(webhook, 1, 200) }).await;
    while let Some(told) = stream.next(1_000).unwrap() {
        handle(&table, event(&told)).await.unwrap();
    }
    let found = counts(&table, webhook).await;
    assert_eq!((found.attempts, found.failed_attempts, found.delivered), (2, 1, 1));
}
