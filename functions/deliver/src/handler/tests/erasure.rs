//! Reports and accounts that are erased while copies of them are in flight.

use std::time::Duration;

use callhook::domain::account::{Account, AccountStatus};
use callhook::domain::delivery::Trigger;
use callhook::domain::erasure::Tombstone;
use callhook::domain::ids::ResendId;
use callhook::domain::message::Message;
use callhook::domain::report::ReportKey;
use callhook::ports::store::{
    AccountEraser, AccountLookup, DeliveryReader, ErasureMarker, ReportEraser,
};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::bounded_log::BoundedLog;
use crate::testing::{Harness, Log, account, delivery_message, id_of, message};

fn key(report: &Value) -> ReportKey {
    ReportKey { account_id: account(), report_id: id_of(report) }
}

async fn put_tombstone(harness: &Harness, report: &Value) {
    let tombstone = Tombstone { report: key(report), asked_at: Timestamp::now() };
    harness.table.mark_erasures(&account(), tombstone.asked_at).await.unwrap();
    harness.log.put_tombstone(&tombstone).await.unwrap();
}

#[tokio::test]
async fn an_erased_report_is_neither_sent_nor_stored() {
    let harness = Harness::new().await;
    let webhook = harness.webhook("200").await;
    let inactive = harness.webhook_with("200", json!({"status": "inactive"})).await;
    let erased = json!({"id": 1, "webhook_ids": [webhook, inactive]});
    let unwanted = json!({"id": 2});
    let other = json!({"id": 3, "webhook_id": webhook});
    put_tombstone(&harness, &erased).await;
    put_tombstone(&harness, &unwanted).await;
    let batch = [message(&[erased.clone(), unwanted.clone(), other.clone()])];
    assert_eq!(harness.handle(&batch).await, [0; 0]);
    assert_eq!(harness.requests(), ["200"], "the other one");
    assert!(harness.entry(webhook, id_of(&other)).await.is_some());
    for webhook in [webhook, inactive] {
        assert_eq!(harness.entry(webhook, id_of(&erased)).await, None);
    }
    assert_eq!(harness.log.report(&account(), id_of(&unwanted), &[]).await.unwrap(), None);
    assert!(harness.retries().is_empty());
}

#[tokio::test]
async fn tombstones_are_looked_up_only_for_accounts_that_erase_reports() {
    let harness = Harness::new().await;
    let webhook = harness.webhook("200").await;
    let report = json!({"webhook_id": webhook});
    let tombstone = Tombstone { report: key(&report), asked_at: Timestamp::now() };
    harness.log.put_tombstone(&tombstone).await.unwrap();
    // As an instance that has cached the account without the note.
    assert_eq!(harness.handle(&[message(std::slice::from_ref(&report))]).await, [0; 0]);
    assert_eq!(harness.requests(), ["200"]);
    // The second erasure deletes its log entry, and since the note nothing goes out.
    harness.log.erase(&key(&report), &[webhook], None).await.unwrap();
    put_tombstone(&harness, &report).await;
    assert_eq!(harness.handle(&[message(std::slice::from_ref(&report))]).await, [0; 0]);
    assert_eq!(harness.requests(), ["200"]);
    assert_eq!(harness.entry(webhook, id_of(&report)).await, None);
}

#[tokio::test]
async fn an_erased_delivery_is_dropped_when_it_is_requeued_or_due() {
    let harness = Harness::new().await;
    let webhook = harness.webhook("500").await;
    let report = json!({"webhook_id": webhook});
    assert_eq!(harness.handle(&[message(std::slice::from_ref(&report))]).await, [0; 0]);
    let [(_, retry)] = &*harness.retries() else { panic!("a retry") };
    let due = retry.to_json().unwrap();
    harness.deliver.writer.retries.sent.lock().unwrap().clear();
    harness.log.erase(&key(&report), &[webhook], None).await.unwrap();
    put_tombstone(&harness, &report).await;

    let mut not_due = retry.clone();
    not_due.due_at = Timestamp::now() + jiff::SignedDuration::from_hours(24);
    let resend = Trigger::Resend { id: ResendId::generate() };
    let resend = delivery_message(Timestamp::now(), resend, webhook, &report);
    for body in [due, not_due.to_json().unwrap(), resend] {
        assert_eq!(harness.handle(&[body]).await, [0; 0]);
    }
    assert_eq!(harness.requests(), ["500"], "the first attempt");
    assert!(harness.retries().is_empty(), "no copy is left");
    assert_eq!(harness.entry(webhook, id_of(&report)).await, None);
}

#[tokio::test]
async fn a_report_that_is_erased_during_its_attempt_is_gone_after_the_second_look() {
    let harness = Harness::new().await;
    let webhook = harness.webhook("hang").await;
    let report = json!({"webhook_id": webhook});
    let batch = [message(std::slice::from_ref(&report))];
    let erase = async {
        while harness.requests().is_empty() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        put_tombstone(&harness, &report).await;
        harness.log.erase(&key(&report), &[webhook], None).await.unwrap();
        harness.receivers.release.add_permits(1);
    };
    let (failed, ()) = tokio::join!(harness.handle(&batch), erase);
    assert_eq!(failed, [0; 0]);
    let retries = harness.retries();
    assert_eq!(retries.len(), 1, "the attempt failed");
    // Deletes the log entry that deliver wrote without knowing of the erasure.
    harness.log.erase(&key(&report), &[webhook], None).await.unwrap();
    harness.deliver.writer.retries.sent.lock().unwrap().clear();
    assert_eq!(harness.handle(&[retries[0].1.to_json().unwrap()]).await, [0; 0]);
    assert_eq!(harness.requests().len(), 1);
    assert_eq!(harness.entry(webhook, id_of(&report)).await, None);
}

#[tokio::test]
async fn without_the_log_erased_reports_go_out_and_are_not_logged_later() {
    let harness = Harness::with(|deliver| deliver.writer.log = BoundedLog::new(Log::Down)).await;
    let webhook = harness.webhook("200").await;
    let report = json!({"webhook_id": webhook});
    put_tombstone(&harness, &report).await;
    assert_eq!(harness.handle(&[message(std::slice::from_ref(&report))]).await, [0; 0]);
    assert_eq!(harness.requests(), ["200"], "late is worse");
    let unlogged = harness.unlogged();
    assert!(matches!(Message::parse(&unlogged[0]), Ok(Message::Delivered(_))), "{unlogged:?}");

    let back = Harness::new().await;
    put_tombstone(&back, &report).await;
    assert_eq!(back.handle(&unlogged).await, [0; 0]);
    assert_eq!(back.entry(webhook, id_of(&report)).await, None);
}

#[tokio::test]
async fn nothing_of_an_erased_account_is_sent_or_stored() {
    let harness = Harness::new().await;
    harness.account(json!({})).await;
    let webhook = harness.webhook("200").await;
    let (report, unwanted) = (json!({"id": 1, "webhook_id": webhook}), json!({"id": 2}));
    let erasing = harness.table.account(&account()).await.unwrap().unwrap();
    let erasing = Account { status: AccountStatus::Erasing, ..erasing };
    harness.table.begin_erasure(&erasing, Timestamp::now()).await.unwrap();

    let resend = Trigger::Resend { id: ResendId::generate() };
    let later = delivery_message(Timestamp::now(), resend, webhook, &report);
    let Ok(Message::Delivery(mut not_due)) = Message::parse(&later) else { panic!("{later}") };
    not_due.due_at = Timestamp::now() + jiff::SignedDuration::from_hours(1);
    let batch = [message(&[report.clone(), unwanted.clone()]), later, not_due.to_json().unwrap()];
    assert_eq!(harness.handle(&batch).await, [0; 0]);
    assert!(harness.requests().is_empty() && harness.retries().is_empty());
    assert_eq!(harness.entry(webhook, id_of(&report)).await, None);
    assert_eq!(harness.log.report(&account(), id_of(&unwanted), &[webhook]).await.unwrap(), None);
    assert!(harness.log.tombstone(&key(&report)).await.unwrap().is_none());
}
