use std::collections::HashSet;

use jiff::Timestamp;
use serde_json::json;

use super::*;
use crate::domain::account::AccountZone;
use crate::domain::delivery::DeliveryState;
use crate::domain::erasure::Tombstone;
use crate::domain::ids::WebhookId;
use crate::domain::replay::{ReplayJob, ReplayRequest};
use crate::domain::report::ReportKey;
use crate::domain::stats::{Hour, HourlyCounts, Hours};
use crate::ports::store::{
    DeliveryLog, DeliveryReader, ReplayAdmin, ReportEraser, StatsReader, StatsWriter,
};
use crate::testing::log::{CALL_END, at, key, report_id, update, write, write_unwanted};
use crate::testing::{TestTables, noted};

fn account(id: &str) -> AccountId {
    id.parse().unwrap()
}

async fn purge_all(table: &DeliveriesTable, part: LogPart) -> u64 {
    let mut deleted = 0;
    loop {
        let purged = table.purge_log(&account("acme"), part).await.unwrap();
        assert!(purged.deleted <= MAX_DELETED as u64 + 100, "{purged:?}");
        deleted += purged.deleted;
        if purged.is_complete {
            return deleted;
        }
    }
}

#[tokio::test]
async fn the_whole_log_of_a_webhook_is_deleted() {
    let tables = TestTables::start().await.unwrap();
    let (table, webhook) = (tables.deliveries(), WebhookId::generate());
    for n in 0..30 {
        let key = key(webhook, report_id(CALL_END, n));
        let owner = if n == 7 { "other" } else { "acme" };
        write(&table, update(owner, key, DeliveryState::Delivered)).await;
    }
    let request = json!({"from": "2021-04-09T00:00:00Z", "to": "2021-04-10T00:00:00Z"});
    let request =
        ReplayRequest::from_json(request.as_object().unwrap(), AccountZone::default()).unwrap();
    let job = ReplayJob::new(account("acme"), webhook, request, Timestamp::now());
    table.create_replay(&job).await.unwrap();
    let counts = HourlyCounts { delivered: 1, ..HourlyCounts::default() };
    table.add_webhook_counts(webhook, Hour::of(at()), &[noted(1, counts)]).await.unwrap();

    assert_eq!(purge_all(&table, LogPart::Webhook(webhook)).await, 29 + 2);
    let foreign = key(webhook, report_id(CALL_END, 7));
    assert!(
        table.delivery(&account("other"), foreign).await.unwrap().is_some(),
        "another account's delivery stays"
    );
    assert_eq!(purge_all(&table, LogPart::Webhook(webhook)).await, 0, "again, nothing is left");
}

#[tokio::test]
async fn items_without_a_webhook_are_deleted_in_several_calls() {
    let tables = TestTables::start().await.unwrap();
    let table = tables.deliveries();
    let count = u16::try_from(MAX_DELETED).unwrap() + 40;
    for n in 0..count {
        write_unwanted(&table, "acme", report_id(CALL_END, n)).await;
    }
    let of = |id: &str| ReportKey { account_id: account(id), report_id: report_id(CALL_END, 1) };
    for report in [of("acme"), of("other")] {
        table.put_tombstone(&Tombstone { report, asked_at: at() }).await.unwrap();
    }
    write_unwanted(&table, "acme2", report_id(CALL_END, 1)).await;

    let counts = HourlyCounts { delivered: 1, ..HourlyCounts::default() };
    for id in ["acme", "acme2"] {
        let shard = "shardId-1".parse().unwrap();
        let counted = [noted(1, counts)];
        table.add_account_counts(&account(id), Hour::of(at()), &shard, &counted).await.unwrap();
    }

    let first = table.purge_log(&account("acme"), LogPart::Rest).await.unwrap();
    assert!(!first.is_complete, "{first:?}");
    assert_eq!(first.deleted + purge_all(&table, LogPart::Rest).await, u64::from(count) + 2);
    let day = Hours::day_until(at());
    for (id, left) in [("acme", 0), ("acme2", 1)] {
        assert_eq!(table.account_counts(&account(id), day).await.unwrap().len(), left, "{id}");
    }
    let asked = HashSet::from([of("acme"), of("other")]);
    assert_eq!(table.look_up(&[], &asked).await.unwrap().erased, HashSet::from([of("other")]));
    let neighbour = table.report(&account("acme2"), report_id(CALL_END, 1), &[]).await.unwrap();
    assert!(neighbour.is_some(), "an account whose name begins alike");
}
