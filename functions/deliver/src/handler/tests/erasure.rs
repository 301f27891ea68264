//! Reports and accounts that were erased while copies of them were on their way.

use std::time::Duration;

use callhook::account::{Account, AccountStatus};
use callhook::delivery::Trigger;
use callhook::erasure::{ReportKey, Tombstone};
use callhook::ids::ResendId;
use callhook::message::Message;
use callhook::store::{AccountEraser, AccountLookup, DeliveryReader, ErasureNotes, ReportEraser};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::patient_log::PatientLog;
use crate::testing::{Log, Sut, account, asked_for, id_of, message};

fn key(report: &Value) -> ReportKey {
    ReportKey { account_id: account(), report_id: id_of(report) }
}

async fn bury(sut: &Sut, report: &Value) {
    let tombstone = Tombstone { report: key(report), asked_at: Timestamp::now() };
    sut.table.note_erasures(&account(), tombstone.asked_at).await.unwrap();
    sut.log.bury(&tombstone).await.unwrap();
}

#[tokio::test]
async fn an_erased_report_is_neither_sent_nor_stored() {
    let sut = Sut::new().await;
    let webhook = sut.webhook("200").await;
    let inactive = sut.webhook_with("200", json!({"status": "inactive"})).await;
    let erased = json!({"id": 1, "webhook_ids": [webhook, inactive]});
    let unwanted = json!({"id": 2});
    let other = json!({"id": 3, "webhook_id": webhook});
    bury(&sut, &erased).await;
    bury(&sut, &unwanted).await;
    let event = [message(&[erased.clone(), unwanted.clone(), other.clone()])];
    assert_eq!(sut.handle(&event).await, [0; 0]);
    assert_eq!(sut.requests(), ["200"], "the other one");
    assert!(sut.entry(webhook, id_of(&other)).await.is_some());
    for webhook in [webhook, inactive] {
        assert_eq!(sut.entry(webhook, id_of(&erased)).await, None);
    }
    assert_eq!(sut.log.report(&account(), id_of(&unwanted), &[]).await.unwrap(), None);
    assert!(sut.retries().is_empty());
}

#[tokio::test]
async fn tombstones_are_looked_for_only_where_an_account_erases_reports() {
    let sut = Sut::new().await;
    let webhook = sut.webhook("200").await;
    let report = json!({"webhook_id": webhook});
    let tombstone = Tombstone { report: key(&report), asked_at: Timestamp::now() };
    sut.log.bury(&tombstone).await.unwrap();
    // As an instance that does not know of the note yet.
    assert_eq!(sut.handle(&[message(std::slice::from_ref(&report))]).await, [0; 0]);
    assert_eq!(sut.requests(), ["200"]);
    // The second look finds what it has logged, and from the note on nothing goes out.
    sut.log.erase(&key(&report), &[webhook], None).await.unwrap();
    bury(&sut, &report).await;
    assert_eq!(sut.handle(&[message(std::slice::from_ref(&report))]).await, [0; 0]);
    assert_eq!(sut.requests(), ["200"]);
    assert_eq!(sut.entry(webhook, id_of(&report)).await, None);
}

#[tokio::test]
async fn what_was_erased_while_it_waited_is_dropped_at_its_next_hop() {
    let sut = Sut::new().await;
    let webhook = sut.webhook("500").await;
    let report = json!({"webhook_id": webhook});
    assert_eq!(sut.handle(&[message(std::slice::from_ref(&report))]).await, [0; 0]);
    let [(_, retry)] = &*sut.retries() else { panic!("a retry") };
    let early = retry.to_json().unwrap();
    sut.deliver.journal.retries.sent.lock().unwrap().clear();
    sut.log.erase(&key(&report), &[webhook], None).await.unwrap();
    bury(&sut, &report).await;

    let mut hop = retry.clone();
    hop.due_at = Timestamp::now() + jiff::SignedDuration::from_hours(24);
    let resend = Trigger::Resend { id: ResendId::generate() };
    let resend = asked_for(Timestamp::now(), resend, webhook, &report);
    for body in [early, hop.to_json().unwrap(), resend] {
        assert_eq!(sut.handle(&[body]).await, [0; 0]);
    }
    assert_eq!(sut.requests(), ["500"], "the first attempt");
    assert!(sut.retries().is_empty(), "nothing is on its way any more");
    assert_eq!(sut.entry(webhook, id_of(&report)).await, None);
}

#[tokio::test]
async fn a_report_that_is_erased_during_its_attempt_is_gone_after_the_second_look() {
    let sut = Sut::new().await;
    let webhook = sut.webhook("hang").await;
    let report = json!({"webhook_id": webhook});
    let event = [message(std::slice::from_ref(&report))];
    let erase = async {
        while sut.requests().is_empty() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        bury(&sut, &report).await;
        sut.log.erase(&key(&report), &[webhook], None).await.unwrap();
        sut.clients.release.add_permits(1);
    };
    let (lost, ()) = tokio::join!(sut.handle(&event), erase);
    assert_eq!(lost, [0; 0]);
    let retries = sut.retries();
    assert_eq!(retries.len(), 1, "the attempt failed");
    // What deliver wrote without knowing of the erasure.
    sut.log.erase(&key(&report), &[webhook], None).await.unwrap();
    sut.deliver.journal.retries.sent.lock().unwrap().clear();
    assert_eq!(sut.handle(&[retries[0].1.to_json().unwrap()]).await, [0; 0]);
    assert_eq!(sut.requests().len(), 1);
    assert_eq!(sut.entry(webhook, id_of(&report)).await, None);
}

#[tokio::test]
async fn without_the_log_reports_go_out_and_what_was_taken_is_not_logged_later() {
    let sut = Sut::with(|deliver| deliver.journal.log = PatientLog::new(Log::Down)).await;
    let webhook = sut.webhook("200").await;
    let report = json!({"webhook_id": webhook});
    bury(&sut, &report).await;
    assert_eq!(sut.handle(&[message(std::slice::from_ref(&report))]).await, [0; 0]);
    assert_eq!(sut.requests(), ["200"], "late is worse");
    let unlogged = sut.unlogged();
    assert!(matches!(Message::parse(&unlogged[0]), Ok(Message::Taken(_))), "{unlogged:?}");

    let back = Sut::new().await;
    bury(&back, &report).await;
    assert_eq!(back.handle(&unlogged).await, [0; 0]);
    assert_eq!(back.entry(webhook, id_of(&report)).await, None);
}

#[tokio::test]
async fn nothing_of_an_erased_account_is_sent_or_stored() {
    let sut = Sut::new().await;
    sut.account(json!({})).await;
    let webhook = sut.webhook("200").await;
    let (report, unwanted) = (json!({"id": 1, "webhook_id": webhook}), json!({"id": 2}));
    let erasing = sut.table.account(&account()).await.unwrap().unwrap();
    let erasing = Account { status: AccountStatus::Erasing, ..erasing };
    sut.table.begin_erasure(&erasing, Timestamp::now()).await.unwrap();

    let resend = Trigger::Resend { id: ResendId::generate() };
    let later = asked_for(Timestamp::now(), resend, webhook, &report);
    let Ok(Message::Delivery(mut early)) = Message::parse(&later) else { panic!("{later}") };
    early.due_at = Timestamp::now() + jiff::SignedDuration::from_hours(1);
    let event = [message(&[report.clone(), unwanted.clone()]), later, early.to_json().unwrap()];
    assert_eq!(sut.handle(&event).await, [0; 0]);
    assert!(sut.requests().is_empty() && sut.retries().is_empty());
    assert_eq!(sut.entry(webhook, id_of(&report)).await, None);
    assert_eq!(sut.log.report(&account(), id_of(&unwanted), &[webhook]).await.unwrap(), None);
    assert!(sut.log.tombstone(&key(&report)).await.unwrap().is_none());
}
