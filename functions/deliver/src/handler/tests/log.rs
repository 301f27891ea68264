//! Outcomes when the log or the queue fails.

use std::time::{Duration, SystemTime};

use callhook::domain::delivery::Trigger;
use callhook::domain::ids::ResendId;
use callhook::domain::message::Message;
use jiff::Timestamp;
use serde_json::json;

use crate::bounded_log::BoundedLog;
use crate::testing::{Harness, Log, delivery_message, id_of, message, message_at};

const ENDED: Option<(u32, bool)> = Some((1, true));

#[tokio::test]
async fn a_report_whose_retry_cannot_be_queued_fails_and_is_not_logged() {
    let harness = Harness::with(|deliver| deliver.writer.retries.fails = true).await;
    let (good, bad) = (harness.webhook("200").await, harness.webhook("500").await);
    let report = json!({"webhook_ids": [good, bad]});
    assert_eq!(harness.handle(&[message(std::slice::from_ref(&report))]).await, [0]);
    assert_eq!(harness.logged(good, id_of(&report)).await, ENDED);
    assert_eq!(
        harness.logged(bad, id_of(&report)).await,
        None,
        "or the redelivered message would be dropped"
    );
}

#[tokio::test]
async fn without_the_log_delivered_reports_stay_delivered_and_other_ends_are_queued() {
    let harness = Harness::with(|deliver| deliver.writer.log = BoundedLog::new(Log::Down)).await;
    let delivered = harness.webhook("200").await;
    let retried = harness.webhook("500").await;
    let failed = harness.webhook_with("404", json!({"retry": {"schedule": []}})).await;
    let skipped = harness.webhook_with("200", json!({"status": "inactive"})).await;
    let report = json!({"webhook_ids": [delivered, retried, failed, skipped]});
    assert_eq!(harness.handle(&[message(&[report])]).await, [0; 0], "nothing is sent twice");
    assert_eq!(harness.requests(), ["200", "404", "500"]);
    let mut queued: Vec<_> =
        harness.retries().iter().map(|(_, retry)| (retry.webhook_id, retry.attempt)).collect();
    queued.sort_unstable();
    assert_eq!(queued, [(retried, 2), (failed, 1), (skipped, 1)]);
}

#[tokio::test]
async fn a_redelivered_message_waits_for_the_log_once_and_is_then_delivered_without_it() {
    let harness = Harness::with(|deliver| deliver.writer.log = BoundedLog::new(Log::Down)).await;
    let webhook = harness.webhook("200").await;
    let batch = [message(&[json!({"webhook_id": webhook})])];
    let deadline = SystemTime::now() + Duration::from_mins(1);
    assert_eq!(harness.handle_receipt(2, &batch, deadline).await, [0], "it may have been sent");
    assert!(harness.requests().is_empty());
    assert_eq!(harness.handle_receipt(3, &batch, deadline).await, [0; 0]);
    assert_eq!(harness.requests(), ["200"], "late is worse than twice");
}

#[tokio::test]
async fn without_log_and_queue_every_record_fails() {
    let harness = Harness::with(|deliver| {
        deliver.writer.log = BoundedLog::new(Log::Down);
        deliver.writer.retries.fails = true;
    })
    .await;
    let delivered = harness.webhook("200").await;
    let failed = harness.webhook_with("404", json!({"retry": {"schedule": []}})).await;
    let batch = [delivered, failed].map(|id| message(&[json!({"webhook_id": id})]));
    // The failure is logged nowhere, and neither report has a journal row.
    assert_eq!(harness.handle(&batch).await, [0, 1]);
}

#[tokio::test]
async fn a_report_delivered_without_the_log_is_logged_later_and_not_sent_again() {
    let harness = Harness::with(|deliver| deliver.writer.log = BoundedLog::new(Log::Down)).await;
    let webhook = harness.webhook("echo").await;
    let report = json!({"id": 1, "webhook_id": webhook});
    assert_eq!(harness.handle(&[message(std::slice::from_ref(&report))]).await, [0; 0]);
    let unlogged = harness.unlogged();
    assert_eq!(unlogged.len(), 1, "{unlogged:?}");

    let back = Harness::new().await;
    assert_eq!(back.handle(&unlogged).await, [0; 0]);
    let entry = back.entry(webhook, id_of(&report)).await.expect("it is in the log");
    assert_eq!((entry.state.name(), entry.attempts.len()), ("delivered", 1));
    assert_eq!(entry.attempts[0].status_code, Some(200));
    assert!(entry.attempts[0].response.is_some(), "{entry:?}");
    assert_eq!(back.handle(&unlogged).await, [0; 0]);
    let again = back.entry(webhook, id_of(&report)).await.unwrap();
    assert_eq!(again.attempts.len(), 1, "it is logged once");
    assert!(back.requests().is_empty() && back.unlogged().is_empty());
}

#[tokio::test]
async fn a_delivered_report_is_requeued_until_it_is_logged() {
    let harness = Harness::with(|deliver| deliver.writer.log = BoundedLog::new(Log::Down)).await;
    let webhook = harness.webhook("200").await;
    harness.handle(&[message(&[json!({"webhook_id": webhook})])]).await;
    for round in 1..4 {
        let unlogged = harness.unlogged();
        let [last] = &*unlogged else { panic!("one message: {unlogged:?}") };
        let Ok(Message::Delivered(delivered)) = Message::parse(last) else { panic!("{last}") };
        assert_eq!(delivered.delivery.times_queued, round);
        harness.deliver.writer.retries.sent.lock().unwrap().clear();
        assert_eq!(harness.handle(std::slice::from_ref(last)).await, [0; 0]);
    }
    assert_eq!(harness.requests(), ["200"]);
}

#[tokio::test]
async fn an_invocation_ends_in_time_though_the_log_never_answers() {
    let harness = Harness::with(|deliver| deliver.writer.log = BoundedLog::new(Log::Silent)).await;
    let (delivered, retried) = (harness.webhook("200").await, harness.webhook("500").await);
    let report = json!({"webhook_ids": [delivered, retried]});
    // The look-up gives up after 5 s, and requests may begin for 6 s.
    let deadline = SystemTime::now() + Duration::from_secs(24);
    assert_eq!(harness.handle_until(&[message(&[report])], deadline).await, [0; 0]);
    assert!(SystemTime::now() < deadline, "Lambda would have ended it");
    assert_eq!(harness.requests(), ["200", "500"]);
    assert_eq!((harness.retries().len(), harness.unlogged().len()), (1, 1));
}

#[tokio::test]
async fn a_resend_that_cannot_be_rendered_is_logged() {
    let harness = Harness::new().await;
    harness.clock.set(Timestamp::now());
    let webhook = harness.webhook_with("200", json!({"headers": {"X-Note": "{{note}}"}})).await;
    let report = json!({"webhook_id": webhook, "note": "two\nlines"});
    harness.handle(&[message_at(harness.clock.now(), std::slice::from_ref(&report))]).await;
    let trigger = Trigger::Resend { id: ResendId::generate() };
    harness.handle(&[delivery_message(harness.clock.now(), trigger, webhook, &report)]).await;
    let entry = harness.entry(webhook, id_of(&report)).await.unwrap();
    let made: Vec<_> = entry.attempts.iter().map(|made| (made.trigger, made.error)).collect();
    assert_eq!(made, [(trigger, Some(callhook::domain::delivery::NoResponse::NotSent))]);
}
