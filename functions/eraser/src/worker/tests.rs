use std::time::SystemTime;

use callhook::domain::delivery::DeliveryKey;
use callhook::domain::report::ReportKey;
use callhook::domain::stats::{Hour, HourlyCounts, Hours};
use callhook::ports::store::{
    AccountLookup, DeliveryReader, KeyLookup, StatsReader, StatsWriter, WebhookAdmin,
    WebhookHistory,
};
use callhook::testing::log::{CALL_END, report_id, write_unwanted};
use callhook::testing::{emitted, noted};
use serde_json::json;

use super::*;
use crate::testing::{Harness, STATS_DELAY, acme};

const LONG: Duration = Duration::from_hours(1);

fn of_report(ago: Duration) -> ReportErasure {
    let asked_at = Timestamp::now() - jiff::SignedDuration::try_from(ago).unwrap();
    ReportErasure {
        account_id: acme(),
        report_id: report_id(CALL_END, 1),
        asked_at,
        received_at: None,
    }
}

async fn is_logged(harness: &Harness, key: DeliveryKey) -> bool {
    harness.worker.log.delivery(&acme(), key).await.unwrap().is_some()
}

#[tokio::test]
async fn a_report_is_erased_again_when_every_attempt_has_ended() {
    let harness = Harness::new().await;
    let webhook = harness.webhook().await;
    let key = harness.delivery(webhook, 1).await;
    let early = ErasureMessage::Report(of_report(Duration::ZERO));
    let Resume::After(wait) = harness.work(&early).await else { panic!("over too early") };
    let settled = harness.worker.quiesce_period.of_reports();
    assert!(wait + Duration::from_secs(5) > settled && wait <= settled + MIN_DELAY, "{wait:?}");
    assert!(is_logged(&harness, key).await);

    let due = of_report(LONG);
    assert_eq!(harness.work(&ErasureMessage::Report(due.clone())).await, Resume::Done);
    let other = harness.delivery(webhook, 2).await;
    assert!(is_logged(&harness, other).await);
    let report = ReportKey { account_id: acme(), report_id: key.report_id };
    // Even if the request that asked for it crashed.
    assert_eq!(harness.worker.log.tombstone(&report).await.unwrap(), Some(due.tombstone()));
    assert_eq!(emitted(&harness.worker.metrics), json!({"ColdStart": 1, "ReportsErased": 1}));
    assert_eq!(
        harness.work(&ErasureMessage::Report(due)).await,
        Resume::Done,
        "the second copy of the message"
    );
}

#[tokio::test]
async fn an_account_is_purged_immediately_and_removed_after_the_quiesce_period() {
    let harness = Harness::new().await;
    let account = harness.account().await;
    let (hash, webhook, deleted) =
        (harness.key().await, harness.webhook().await, harness.webhook().await);
    let keys = [harness.delivery(webhook, 1).await, harness.delivery(deleted, 2).await];
    harness.worker.config.delete_webhook(&acme(), deleted, 1).await.unwrap();
    write_unwanted(&harness.worker.log, "acme", report_id(CALL_END, 3)).await;

    let message = harness.begin(account.clone(), Duration::ZERO).await;
    let Resume::After(wait) = harness.work(&message).await else { panic!("over too early") };
    let settled = harness.worker.quiesce_period.of_accounts() + STATS_DELAY;
    assert!(wait + Duration::from_secs(20) > settled && wait <= settled + MIN_DELAY, "{wait:?}");
    assert_eq!(harness.worker.config.key(&hash).await.unwrap(), None);
    for key in keys {
        assert!(!is_logged(&harness, key).await);
    }
    let unwanted = harness.worker.log.report(&acme(), report_id(CALL_END, 3), &[]).await.unwrap();
    assert_eq!(unwanted, None);
    assert!(
        harness.worker.config.account(&acme()).await.unwrap().is_some(),
        "the account shows its progress"
    );

    // Writes that were in flight: a new webhook, an attempt that is logged and counted.
    let late = harness.delivery(harness.webhook().await, 4).await;
    let (hour, shard) = (Hour::of(Timestamp::now()), "shardId-1".parse().unwrap());
    let counted = [noted(1, HourlyCounts { delivered: 1, ..HourlyCounts::default() })];
    harness.worker.log.add_account_counts(&acme(), hour, &shard, &counted).await.unwrap();
    let message = harness.begin(account, LONG).await;
    assert_eq!(harness.work(&message).await, Resume::Done);
    assert_eq!(emitted(&harness.worker.metrics), json!({"ColdStart": 1, "AccountsErased": 1}));
    assert!(!is_logged(&harness, late).await);
    let (acme, day) = (acme(), Hours::day_until(Timestamp::now()));
    let figures = harness.worker.log.account_counts(&acme, day).await.unwrap();
    assert!(figures.is_empty(), "{figures:?}");
    assert_eq!(harness.worker.config.current_and_deleted_webhooks(&acme).await.unwrap(), []);
    assert_eq!(harness.worker.config.account(&acme).await.unwrap(), None);
    assert_eq!(harness.work(&message).await, Resume::Done, "the second copy of the message");

    let report = of_report(LONG);
    assert_eq!(harness.work(&ErasureMessage::Report(report.clone())).await, Resume::Done);
    let key = report.tombstone().report;
    assert_eq!(
        harness.worker.log.tombstone(&key).await.unwrap(),
        None,
        "no tombstone after the account's erasure"
    );
}

#[tokio::test]
async fn interrupted_work_continues_in_the_next_invocation() {
    let harness = Harness::new().await;
    let account = harness.account().await;
    let webhook = harness.webhook().await;
    let key = harness.delivery(webhook, 1).await;
    let message = harness.begin(account, LONG).await;
    let no_time = InvocationDeadline::new(SystemTime::now());
    assert_eq!(harness.worker.work(&message, no_time).await, Resume::After(MIN_DELAY));
    assert!(is_logged(&harness, key).await);
    assert_eq!(harness.work(&message).await, Resume::Done);
    assert!(!is_logged(&harness, key).await);
}

#[tokio::test]
async fn an_erasure_that_was_never_begun_is_dropped_after_two_minutes() {
    let harness = Harness::new().await;
    harness.account().await;
    let key = harness.key().await;
    for (ago, next) in [(Duration::ZERO, Resume::After(MIN_DELAY)), (LONG, Resume::Done)] {
        let asked_at = Timestamp::now() - jiff::SignedDuration::try_from(ago).unwrap();
        let message = ErasureMessage::Account(AccountErasure { account_id: acme(), asked_at });
        assert_eq!(harness.work(&message).await, next);
    }
    assert!(harness.worker.config.key(&key).await.unwrap().is_some(), "nothing was erased");
}
