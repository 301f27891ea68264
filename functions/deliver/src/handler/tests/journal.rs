//! The rows of the journal: one for each report, whatever the outcome of its deliveries.

use std::collections::{HashMap, HashSet};
use std::time::{Duration, SystemTime};

use callhook::domain::erasure::Tombstone;
use callhook::domain::ids::ReportId;
use callhook::domain::journal::JournalRow;
use callhook::domain::message::{JournalMessage, Message};
use callhook::domain::report::ReportKey;
use callhook::ports::journal::scan::{Scan, ScanRequest};
use callhook::ports::queue::Outgoing;
use callhook::ports::store::{DeliveryReader, ErasureMarker, ReportEraser, StoredPage};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::testing::{Harness, account, id_of, message, message_at};

async fn pages(harness: &Harness) -> Vec<StoredPage> {
    let now = Timestamp::now().as_millisecond();
    let request = ScanRequest {
        newest_first: false,
        from: now - 86_400_000,
        to: now + 1_000,
        consistent: true,
        with_late: true,
    };
    let mut pages = Vec::new();
    Scan::new(&harness.log, &account(), request).each_page(|page| pages.push(page)).await.unwrap();
    pages
}

async fn rows(harness: &Harness) -> HashMap<ReportId, JournalRow> {
    let rows = pages(harness).await.into_iter().flat_map(|page| page.rows);
    rows.map(|row| (row.report_id, row)).collect()
}

fn journal_messages(queued: &[Outgoing]) -> Vec<JournalMessage> {
    let read = |outgoing: &Outgoing| match Message::parse(&outgoing.body).unwrap() {
        Message::Journal(message) => Some(message),
        _ => None,
    };
    queued.iter().filter_map(read).collect()
}

#[tokio::test]
async fn all_reports_of_a_batch_have_rows_in_one_page() {
    let harness = Harness::new().await;
    let [delivered, failing] = [harness.webhook("200").await, harness.webhook("500").await];
    let paused = harness.webhook_with("200", json!({"status": "inactive"})).await;
    let all = [
        (
            json!({"id": 1, "to": 918_867_130_000_u64, "status": "BUSY", "webhook_ids": [delivered, failing]}),
            vec![delivered, failing],
        ),
        (json!({"id": 2, "webhook_id": paused}), vec![paused]),
        (json!({"id": 3, "event": "sms:out"}), vec![]),
    ];
    let batchs = all.each_ref().map(|(report, _)| message(std::slice::from_ref(report)));
    assert_eq!(harness.handle(&batchs).await, [0; 0]);
    assert_eq!(pages(&harness).await.len(), 1);
    let rows = rows(&harness).await;
    for (report, mut webhooks) in all {
        let row = &rows[&id_of(&report)];
        let mut went_to = row.webhook_ids.clone();
        went_to.sort_unstable();
        webhooks.sort_unstable();
        assert_eq!(went_to, webhooks);
        assert_eq!(
            row.call.call_id.as_deref(),
            report["id"].as_u64().map(|id| id.to_string()).as_deref()
        );
    }
    let first = &rows[&id_of(&json!({"id": 1, "to": 918_867_130_000_u64, "status": "BUSY"}))];
    assert_eq!(
        (first.call.to.as_deref(), first.call.call_status.as_deref()),
        (Some("918867130000"), Some("BUSY"))
    );
    // Retries make no rows.
    let retries: Vec<_> = harness.take_queued().into_iter().map(|outgoing| outgoing.body).collect();
    harness.clock.set(Timestamp::now() + SignedDuration::from_hours(1));
    assert_eq!(harness.handle(&retries).await, [0; 0]);
    assert_eq!(pages(&harness).await.len(), 1);
}

#[tokio::test]
async fn rows_that_cannot_be_written_are_queued_without_their_deliveries() {
    let harness = Harness::without_journal(false).await;
    let webhook = harness.webhook("200").await;
    let report = json!({"id": 1, "webhook_id": webhook});
    assert_eq!(harness.handle(&[message(std::slice::from_ref(&report))]).await, [0; 0]);
    assert_eq!(harness.requests(), ["200"]);
    let queued = harness.take_queued();
    let [page] = &*journal_messages(&queued) else { panic!("{queued:?}") };
    assert_eq!((page.rows[0].report_id, page.times_queued), (id_of(&report), 1));
    assert_eq!(queued[0].delay, Duration::from_mins(1));

    // It still cannot be written.
    assert_eq!(harness.handle(&[queued[0].body.clone()]).await, [0; 0]);
    let again = harness.take_queued();
    assert_eq!(journal_messages(&again)[0].times_queued, 2);

    let mended = Harness::new().await;
    assert_eq!(mended.handle(&[again[0].body.clone()]).await, [0; 0]);
    assert_eq!(rows(&mended).await.keys().collect::<Vec<_>>(), [&id_of(&report)]);
    assert_eq!(mended.requests(), [""; 0], "it was delivered before");
    assert!(mended.take_queued().is_empty());
    let spent =
        JournalMessage { times_queued: JournalMessage::MAX_TIMES_QUEUED + 1, ..page.clone() };
    assert_eq!(mended.handle(&[spent.to_json().unwrap()]).await, [0], "to the dead letters");
}

#[tokio::test]
async fn records_fail_if_their_rows_can_neither_be_written_nor_queued() {
    let harness = Harness::without_journal(true).await;
    let webhook = harness.webhook("200").await;
    let batch = [message(&[json!({"webhook_id": webhook})])];
    assert_eq!(harness.handle(&batch).await, [0]);
    // The delivered report is not sent again.
    let deadline = SystemTime::now() + Duration::from_mins(1);
    assert_eq!(harness.handle_receipt(2, &batch, deadline).await, [0]);
    assert_eq!(harness.requests(), ["200"]);
}

#[tokio::test]
async fn a_redelivered_message_is_journaled_though_all_was_delivered() {
    let harness = Harness::new().await;
    let webhook = harness.webhook("200").await;
    let report = json!({"id": 1, "webhook_id": webhook});
    let received_at = Timestamp::now();
    let batch = [message_at(received_at, std::slice::from_ref(&report))];
    for _ in 0..2 {
        assert_eq!(harness.handle(&batch).await, [0; 0]);
    }
    assert_eq!(harness.requests(), ["200"]);
    let pages = pages(&harness).await;
    assert_eq!(pages.len(), 2, "readers merge them");
    assert_eq!(pages[0].rows, pages[1].rows);
}

#[tokio::test]
async fn a_report_that_is_submitted_twice_has_one_row() {
    let harness = Harness::new().await;
    let webhook = harness.webhook("200").await;
    let report = json!({"id": 1, "webhook_id": webhook});
    let first = Timestamp::now() - SignedDuration::from_mins(5);
    for received_at in [first, first + SignedDuration::from_mins(4)] {
        let batch = [message_at(received_at, std::slice::from_ref(&report))];
        assert_eq!(harness.handle(&batch).await, [0; 0]);
    }
    let [page] = &*pages(&harness).await else { panic!("one page") };
    assert_eq!(page.rows[0].received_at.as_millisecond(), first.as_millisecond());
    assert!(page.is_late, "five minutes after its receipt");
}

#[tokio::test]
async fn an_unwanted_report_that_is_submitted_twice_has_one_row() {
    let harness = Harness::new().await;
    let report = json!({"id": 1});
    let first = Timestamp::now() - SignedDuration::from_mins(90);
    for received_at in [first, Timestamp::now()] {
        let batch = [message_at(received_at, std::slice::from_ref(&report))];
        assert_eq!(harness.handle(&batch).await, [0; 0]);
    }
    let [page] = &*pages(&harness).await else { panic!("one page") };
    assert_eq!(page.rows[0].received_at.as_millisecond(), first.as_millisecond());
    let logged = harness.log.report(&account(), id_of(&report), &[]).await.unwrap().unwrap();
    assert_eq!(logged.received_at.as_millisecond(), first.as_millisecond());
}

#[tokio::test]
async fn a_webhook_that_subscribed_between_two_receipts_is_in_the_row_of_the_first() {
    let harness = Harness::new().await;
    let [one, two] = [harness.webhook("200").await, harness.webhook("202").await];
    let first = Timestamp::now() - SignedDuration::from_mins(5);
    for (received_at, webhooks) in [(first, json!([one])), (Timestamp::now(), json!([one, two]))] {
        let batch = [message_at(received_at, &[json!({"id": 1, "webhook_ids": webhooks})])];
        assert_eq!(harness.handle(&batch).await, [0; 0]);
    }
    assert_eq!(harness.requests(), ["200", "202"]);
    let pages = pages(&harness).await;
    assert_eq!(pages.len(), 2);
    let places: HashSet<_> = pages.iter().map(|page| page.rows[0].position()).collect();
    assert_eq!(places.len(), 1, "readers merge them: {pages:?}");
    assert!(pages.iter().any(|page| page.rows[0].webhook_ids.contains(&two)));
}

#[tokio::test]
async fn rows_that_may_be_erased_wait_until_tombstones_can_be_looked_up() {
    for erases in [false, true] {
        let harness = Harness::with_unreadable_log().await;
        let webhook = harness.webhook("200").await;
        if erases {
            harness.table.mark_erasures(&account(), Timestamp::now()).await.unwrap();
        }
        let batch = [message(&[json!({"id": 1, "webhook_id": webhook})])];
        assert_eq!(harness.handle(&batch).await, [0; 0]);
        let queued = journal_messages(&harness.take_queued());
        assert_eq!(
            (pages(&harness).await.len(), queued.len()),
            if erases { (0, 1) } else { (1, 0) }
        );
        // Rows that waited before wait on.
        let waiting: Vec<_> = queued.iter().map(|message| message.to_json().unwrap()).collect();
        assert_eq!(harness.handle(&waiting).await, [0; 0]);
        assert_eq!(journal_messages(&harness.take_queued()).len(), queued.len());
    }
}

#[tokio::test]
async fn a_report_deferred_under_a_quota_is_journaled_when_it_fans_out() {
    let harness = Harness::new().await;
    harness.account(json!({"quotas": {"deliveries_per_second": 1}})).await;
    let webhook = harness.webhook("200").await;
    let reports: Vec<Value> = (0..3).map(|id| json!({"id": id, "webhook_id": webhook})).collect();
    assert_eq!(harness.handle(&[message(&reports)]).await, [0; 0]);
    assert_eq!(rows(&harness).await.len(), harness.requests().len());
    harness.run_queue(Duration::from_mins(1)).await;
    assert_eq!(rows(&harness).await.len(), 3);
}

#[tokio::test]
async fn an_erased_report_has_no_row() {
    let harness = Harness::new().await;
    let webhook = harness.webhook("200").await;
    let [erased, other] = [1, 2].map(|id| json!({"id": id, "webhook_id": webhook}));
    let report = ReportKey { account_id: account(), report_id: id_of(&erased) };
    harness.table.mark_erasures(&account(), Timestamp::now()).await.unwrap();
    harness.log.put_tombstone(&Tombstone { report, asked_at: Timestamp::now() }).await.unwrap();
    assert_eq!(harness.handle(&[message(&[erased.clone(), other.clone()])]).await, [0; 0]);
    assert_eq!(rows(&harness).await.keys().collect::<Vec<_>>(), [&id_of(&other)]);
    // A queued page brings no row of it either.
    let waiting = Harness::without_journal(false).await;
    let webhook = waiting.webhook("200").await;
    let batch = [1, 2].map(|id| json!({"id": id, "webhook_id": webhook}));
    assert_eq!(waiting.handle(&[message(&batch)]).await, [0; 0]);
    let queued = waiting.take_queued();
    let bodies: Vec<_> = queued.iter().map(|outgoing| outgoing.body.clone()).collect();
    assert_eq!(journal_messages(&queued).len(), 1);
    let before = pages(&harness).await.len();
    assert_eq!(harness.handle(&bodies).await, [0; 0]);
    let late = pages(&harness).await;
    assert_eq!(late.len(), before + 1);
    assert_eq!(rows(&harness).await.keys().collect::<Vec<_>>(), [&id_of(&other)]);
}
