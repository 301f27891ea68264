use std::time::Duration;

use callhook::domain::message::ReportErasure;
use callhook::runtime::resumable_work::RENEW_AFTER_RECEIVES;
use callhook::testing::RecordingQueue;
use callhook::testing::log::{CALL_END, report_id};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::*;
use crate::testing::{Harness, acme};

type Function = Eraser<
    callhook::aws::dynamodb::ConfigTable,
    callhook::aws::dynamodb::DeliveriesTable,
    RecordingQueue,
>;

fn function(harness: &Harness, erasures: RecordingQueue) -> Function {
    let Worker { config, log, quiesce_period, stats_delay, metrics } = &harness.worker;
    let (config, log, metrics) = (config.clone(), log.clone(), metrics.clone());
    let worker =
        Worker { config, log, quiesce_period: *quiesce_period, stats_delay: *stats_delay, metrics };
    Eraser { worker, erasures }
}

/// The erasure of a report that was asked for just now: its second pass is not due yet.
fn not_due() -> String {
    let (report_id, asked_at) = (report_id(CALL_END, 1), Timestamp::now());
    let message = ReportErasure { account_id: acme(), report_id, asked_at, received_at: None };
    ErasureMessage::Report(message).to_json().unwrap()
}

/// Handles an event and returns the ids of the messages that go back to the queue.
async fn handle(eraser: &Function, event: Value) -> Vec<String> {
    let event = serde_json::from_value(event).unwrap();
    let deadline = SystemTime::now() + Duration::from_mins(1);
    let answer = eraser.handle(event, deadline).await.unwrap();
    answer.batch_item_failures.into_iter().map(|failure| failure.item_identifier).collect()
}

fn event(body: &str, received: u32) -> Value {
    json!({"Records": [{
        "messageId": "m-1", "receiptHandle": "r-1", "body": body,
        "attributes": {"ApproximateReceiveCount": received.to_string()},
    }]})
}

#[tokio::test]
async fn a_message_returns_to_the_queue_until_its_erasure_is_over() {
    let harness = Harness::new().await;
    let eraser = function(&harness, RecordingQueue::default());
    assert_eq!(handle(&eraser, event(&not_due(), 1)).await, ["m-1"]);
    let returned = eraser.erasures.returned.lock().unwrap().clone();
    assert!(matches!(&*returned, [(receipt, _)] if receipt == "r-1"), "{returned:?}");
    assert!(eraser.erasures.sent.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_message_near_its_last_receive_is_renewed() {
    let harness = Harness::new().await;
    let eraser = function(&harness, RecordingQueue::default());
    let body = not_due();
    assert!(handle(&eraser, event(&body, RENEW_AFTER_RECEIVES)).await.is_empty());
    let sent = eraser.erasures.sent.lock().unwrap().clone();
    assert!(matches!(&*sent, [renewed] if renewed.body == body), "{sent:?}");

    let eraser = function(&harness, RecordingQueue::failing());
    assert_eq!(handle(&eraser, event(&body, RENEW_AFTER_RECEIVES)).await, ["m-1"]);
}

#[tokio::test]
async fn an_unreadable_message_returns_to_the_queue_until_it_is_a_dead_letter() {
    let harness = Harness::new().await;
    let eraser = function(&harness, RecordingQueue::default());
    for body in ["", r#"{"v":2,"kind":"erase_report"}"#, r#"{"v":1,"kind":"delivery"}"#] {
        assert_eq!(handle(&eraser, event(body, RENEW_AFTER_RECEIVES)).await, ["m-1"], "{body}");
    }
}

#[tokio::test]
async fn the_sample_event_is_accepted() {
    let harness = Harness::new().await;
    let eraser = function(&harness, RecordingQueue::default());
    let sample = include_str!("../../../../infra/events/eraser-account.json");
    let answer = handle(&eraser, serde_json::from_str(sample).unwrap()).await;
    assert!(answer.is_empty(), "asked for long ago, and never begun");
}

#[tokio::test]
async fn a_message_without_an_id_fails_its_batch() {
    let harness = Harness::new().await;
    let eraser = function(&harness, RecordingQueue::default());
    let event = serde_json::from_value(json!({"Records": [{"body": "?"}]})).unwrap();
    eraser.handle(event, SystemTime::now() + Duration::from_secs(5)).await.unwrap_err();
}
