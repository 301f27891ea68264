use std::time::Duration;

use callhook::ports::queue::Outgoing;
use callhook::runtime::resumable_work::RENEW_AFTER_RECEIVES;
use callhook::testing::RecordingQueue;
use serde_json::json;

use super::*;
use crate::testing::{Harness, Queue, Store, failed};

fn function(harness: Harness, replays: RecordingQueue) -> Replay<Store, Queue, RecordingQueue> {
    Replay { worker: harness.worker, replays }
}

/// Handles one message and returns whether it goes back to the queue.
async fn handle(replay: &Replay<Store, Queue, RecordingQueue>, body: &str, received: u32) -> bool {
    let event = json!({"Records": [{
        "messageId": "m-1", "receiptHandle": "r-1", "body": body,
        "attributes": {"ApproximateReceiveCount": received.to_string()},
    }]});
    let event = serde_json::from_value(event).unwrap();
    // No time for a step: the job is leased and released.
    let answer = replay.handle(event, SystemTime::now() + Duration::from_secs(5)).await.unwrap();
    let failures: Vec<_> =
        answer.batch_item_failures.iter().map(|failure| failure.item_identifier.as_str()).collect();
    assert!(failures.is_empty() || failures == ["m-1"], "{failures:?}");
    !failures.is_empty()
}

async fn with_job(replays: RecordingQueue) -> (Replay<Store, Queue, RecordingQueue>, String) {
    let harness = Harness::new().await;
    harness.log(0, 1, failed()).await;
    let body = harness.job("failed").await.message().to_json().unwrap();
    (function(harness, replays), body)
}

#[tokio::test]
async fn a_message_returns_to_the_queue_until_its_job_is_over() {
    let (replay, body) = with_job(RecordingQueue::default()).await;
    assert!(handle(&replay, &body, 1).await);
    let delay = replay.worker.timing.idle_delay;
    assert_eq!(*replay.replays.returned.lock().unwrap(), [("r-1".to_owned(), delay)]);
    assert!(replay.replays.sent.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_message_near_its_last_receive_is_renewed() {
    let (replay, body) = with_job(RecordingQueue::default()).await;
    assert!(!handle(&replay, &body, RENEW_AFTER_RECEIVES).await);
    let delay = replay.worker.timing.idle_delay;
    let account_id = "acme".parse().unwrap();
    let renewed = Outgoing { body, account_id, delay };
    assert_eq!(*replay.replays.sent.lock().unwrap(), [renewed]);
}

#[tokio::test]
async fn a_message_that_cannot_be_renewed_returns_to_the_queue() {
    let (replay, body) = with_job(RecordingQueue::failing()).await;
    assert!(handle(&replay, &body, RENEW_AFTER_RECEIVES).await);
}

#[tokio::test]
async fn an_unreadable_message_returns_to_the_queue_until_it_is_a_dead_letter() {
    let replay = function(Harness::new().await, RecordingQueue::default());
    for body in ["", r#"{"v":2,"kind":"replay"}"#, r#"{"v":1,"kind":"delivery"}"#] {
        assert!(handle(&replay, body, RENEW_AFTER_RECEIVES).await, "{body}");
    }
}

#[tokio::test]
async fn the_sample_event_is_accepted() {
    let replay = function(Harness::new().await, RecordingQueue::default());
    let event = include_str!("../../../../infra/events/replay-job.json");
    let event = serde_json::from_str(event).unwrap();
    let answer = replay.handle(event, SystemTime::now() + Duration::from_secs(5)).await.unwrap();
    assert!(answer.batch_item_failures.is_empty(), "its job was made long ago, and is gone");
}

#[tokio::test]
async fn a_message_without_an_id_fails_its_batch() {
    let replay = function(Harness::new().await, RecordingQueue::default());
    let event = serde_json::from_value(json!({"Records": [{"body": "?"}]})).unwrap();
    replay.handle(event, SystemTime::now() + Duration::from_secs(5)).await.unwrap_err();
}
