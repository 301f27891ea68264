//! Reports and accounts that were erased while copies of them were on their way.

use std::time::Duration;

use callhook::account::{Account, AccountStatus};
use callhook::delivery::Trigger;
use callhook::erasure::{ReportKey, Tombstone};
use callhook::ids::ResendId;
use callhook::message::Message;
use callhook::store::{AccountEraser, AccountLookup, DeliveryReader, ErasureMarker, ReportEraser};
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
    let event = [message(&[erased.clone(), unwanted.clone(), other.clone()])];
    assert_eq!(harness.handle(&event).await, [0; 0]);
    assert_eq!(harness.requests(), ["200"], "the other one");
    assert!(harness.entry(webhook, id_of(&other)).await.is_some());
    for webhook in [webhook, inactive] {
        assert_eq!(harness.entry(webhook, id_of(&erased)).await, None);
    }
    assert_eq!(harness.log.report(&account(), id_of(&unwanted), &[]).await.unwrap(), None);
    assert!(harness.retries().is_empty());
}

#[tokio::test]
async fn tombstones_are_looked_for_only_where_an_account_erases_reports() {
    let harness = Harness::new().await;
    let webhook = harness.webhook("200").await;
    let report = json!({"webhook_id": webhook});
    let tombstone = Tombstone { report: key(&report), asked_at: Timestamp::now() };
    harness.log.put_tombstone(&tombstone).await.unwrap();
    // As an instance that does not know of the note yet.
    assert_eq!(harness.handle(&[message(std::slice::from_ref(&report))]).await, [0; 0]);
    assert_eq!(harness.requests(), ["200"]);
    // The second look finds what it has logged, and from the note on nothing goes out.
    harness.log.erase(&key(&report), &[webhook], None).await.unwrap();
    put_tombstone(&harness, &report).await;
    assert_eq!(harness.handle(&[message(std::slice::from_ref(&report))]).await, [0; 0]);
    assert_eq!(harness.requests(), ["200"]);
    assert_eq!(harness.entry(webhook, id_of(&report)).await, None);
}

#[tokio::test]
async fn what_was_erased_while_it_waited_is_dropped_at_its_next_hop() {
    let harness = Harness::new().await;
    let webhook = harness.webhook("500").await;
    let report = json!({"webhook_id": webhook});
    assert_eq!(harness.handle(&[message(std::slice::from_ref(&report))]).await, [0; 0]);
    let [(_, retry)] = &*harness.retries() else { panic!("a retry") };
    let early = retry.to_json().unwrap();
    harness.deliver.writer.retries.sent.lock().unwrap().clear();
    harness.log.erase(&key(&report), &[webhook], None).await.unwrap();
    put_tombstone(&harness, &report).await;

    let mut hop = retry.clone();
    hop.due_at = Timestamp::now() + jiff::SignedDuration::from_hours(24);
    let resend = Trigger::Resend { id: ResendId::generate() };
    let resend = delivery_message(Timestamp::now(), resend, webhook, &report);
    for body in [early, hop.to_json().unwrap(), resend] {
        assert_eq!(harness.handle(&[body]).await, [0; 0]);
    }
    assert_eq!(harness.requests(), ["500"], "the first attempt");
    assert!(harness.retries().is_empty(), "nothing is on its way any more");
    assert_eq!(harness.entry(webhook, id_of(&report)).await, None);
}

#[tokio::test]
async fn a_report_that_is_erased_during_its_attempt_is_gone_after_the_second_look() {
    let harness = Harness::new().await;
    let webhook = harness.webhook("hang").await;
    let report = json!({"webhook_id": webhook});
    let event = [message(std::slice::from_ref(&report))];
    let erase = async {
        while harness.requests().is_empty() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        put_tombstone(&harness, &report).await;
        harness.log.erase(&key(&report), &[webhook], None).await.unwrap();
        harness.receivers.release.add_permits(1);
    };
    let (lost, ()) = tokio::join!(harness.handle(&event), erase);
    assert_eq!(lost, [0; 0]);
    let retries = harness.retries();
    assert_eq!(retries.len(), 1, "the attempt failed");
    // What deliver wrote without knowing of the erasure.
    harness.log.erase(&key(&report), &[webhook], None).await.unwrap();
    harness.deliver.writer.retries.sent.lock().unwrap().clear();
    assert_eq!(harness.handle(&[retries[0].1.to_json().unwrap()]).await, [0; 0]);
    assert_eq!(harness.requests().len(), 1);
    assert_eq!(harness.entry(webhook, id_of(&report)).await, None);
}

#[tokio::test]
async fn without_the_log_reports_go_out_and_what_was_taken_is_not_logged_later() {
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
    let Ok(Message::Delivery(mut early)) = Message::parse(&later) else { panic!("{later}") };
    early.due_at = Timestamp::now() + jiff::SignedDuration::from_hours(1);
    let event = [message(&[report.clone(), unwanted.clone()]), later, early.to_json().unwrap()];
    assert_eq!(harness.handle(&event).await, [0; 0]);
    assert!(harness.requests().is_empty() && harness.retries().is_empty());
    assert_eq!(harness.entry(webhook, id_of(&report)).await, None);
    assert_eq!(harness.log.report(&account(), id_of(&unwanted), &[webhook]).await.unwrap(), None);
    assert!(harness.log.tombstone(&key(&report)).await.unwrap().is_none());
}
