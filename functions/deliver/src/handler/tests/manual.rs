//! Resends and replays.

use std::sync::atomic::Ordering;
use std::time::Duration;

use callhook::domain::delivery::{ReplayScope, Trigger};
use callhook::domain::ids::{ReplayId, ResendId};
use jiff::Timestamp;
use serde_json::json;

use crate::testing::{Harness, delivery_message, id_of, message};

fn resend() -> Trigger {
    Trigger::Resend { id: ResendId::generate() }
}

#[tokio::test]
async fn a_resend_is_one_request_and_leaves_the_scheduled_retry_alone() {
    let harness = Harness::new().await;
    let webhook = harness.webhook("500").await;
    let report = json!({"id": 1, "webhook_id": webhook});
    harness.handle(&[message(std::slice::from_ref(&report))]).await;
    let manual = delivery_message(Timestamp::now(), resend(), webhook, &report);
    assert_eq!(harness.handle(&[manual.clone(), manual.clone()]).await, [0; 0]);
    harness.handle(&[manual]).await;
    assert_eq!(harness.requests().len(), 2, "a redelivered message repeats nothing");
    let [(_, retry)] = &*harness.retries() else { panic!("the one retry of the schedule") };
    assert_eq!((retry.attempt, retry.trigger), (2, Trigger::Automatic));
    let entry = harness.entry(webhook, id_of(&report)).await.unwrap();
    assert_eq!(entry.state.name(), "retrying");
    let triggers: Vec<_> = entry.attempts.iter().map(|made| made.trigger.name()).collect();
    assert_eq!(triggers, ["automatic", "manual"]);
}

#[tokio::test]
async fn an_accepted_resend_spares_the_scheduled_retry() {
    let harness = Harness::new().await;
    let webhook = harness.webhook("down").await;
    let report = json!({"id": 1, "webhook_id": webhook});
    harness.handle(&[message(std::slice::from_ref(&report))]).await;
    harness.receivers.mended.store(true, Ordering::Relaxed);
    harness.handle(&[delivery_message(Timestamp::now(), resend(), webhook, &report)]).await;
    assert_eq!(harness.requests().len(), 2);
    assert!(harness.run_queue(Duration::from_hours(1)).await.is_empty());
    assert_eq!(harness.requests().len(), 2, "it was delivered");
}

#[tokio::test]
async fn a_replay_begins_the_schedule_again() {
    let harness = Harness::new().await;
    let webhook = harness.webhook_with("down", json!({"retry": {"schedule": [1]}})).await;
    let report = json!({"id": 1, "webhook_id": webhook});
    harness.clock.set(Timestamp::now());
    harness.handle(&[message(std::slice::from_ref(&report))]).await;
    assert!(harness.run_queue(Duration::from_mins(1)).await.is_empty());
    let entry = harness.entry(webhook, id_of(&report)).await.unwrap();
    assert_eq!((entry.state.name(), entry.attempts.len()), ("failed", 2));

    let replay = Trigger::Replay { id: ReplayId::generate(), only: ReplayScope::Failed };
    harness.handle(&[delivery_message(Timestamp::now(), replay, webhook, &report)]).await;
    let entry = harness.entry(webhook, id_of(&report)).await.unwrap();
    assert_eq!((entry.state.name(), entry.replay), ("retrying", replay.replay()));
    harness.receivers.mended.store(true, Ordering::Relaxed);
    assert!(harness.run_queue(Duration::from_mins(1)).await.is_empty());
    let entry = harness.entry(webhook, id_of(&report)).await.unwrap();
    assert_eq!((entry.state.name(), entry.attempts.len()), ("delivered", 4));
    harness.handle(&[delivery_message(Timestamp::now(), replay, webhook, &report)]).await;
    assert_eq!(harness.requests().len(), 4, "a redelivered message repeats nothing");
}

#[tokio::test]
async fn a_replay_that_meets_an_open_circuit_is_pending_in_the_log() {
    let harness = Harness::new().await;
    harness.clock.set(Timestamp::now());
    let webhook = harness.webhook_with("down", json!({"retry": {"schedule": []}})).await;
    let reports: Vec<_> = (0..10).map(|id| json!({"id": id, "webhook_id": webhook})).collect();
    harness.handle(&[message(&reports)]).await;
    assert_eq!(harness.requests().len(), 10, "ten failures open the circuit");
    let replay = Trigger::Replay { id: ReplayId::generate(), only: ReplayScope::Failed };
    harness.handle(&[delivery_message(Timestamp::now(), replay, webhook, &reports[0])]).await;
    let entry = harness.entry(webhook, id_of(&reports[0])).await.unwrap();
    assert_eq!((entry.state.name(), entry.replay), ("pending", replay.replay()));
    assert!(!entry.covers(&replay, 1), "it is still to be sent");

    harness.receivers.mended.store(true, Ordering::Relaxed);
    assert!(harness.run_queue(Duration::from_mins(5)).await.is_empty());
    assert_eq!(harness.requests().len(), 11);
    let entry = harness.entry(webhook, id_of(&reports[0])).await.unwrap();
    assert_eq!((entry.state.name(), entry.attempts.len()), ("delivered", 2));
}

#[tokio::test]
async fn a_resend_does_not_wait_for_a_circuit() {
    let harness = Harness::new().await;
    let webhook = harness.webhook_with("down", json!({"retry": {"schedule": []}})).await;
    let reports: Vec<_> = (0..10).map(|id| json!({"id": id, "webhook_id": webhook})).collect();
    harness.handle(&[message(&reports)]).await;
    harness.handle(&[delivery_message(Timestamp::now(), resend(), webhook, &reports[0])]).await;
    assert_eq!(harness.requests().len(), 11, "the caller of a resend wants its outcome");
}

#[tokio::test]
async fn deliveries_skipped_while_a_webhook_was_inactive_can_be_replayed() {
    let harness = Harness::new().await;
    let webhook = harness.webhook_with("200", json!({"status": "inactive"})).await;
    let report = json!({"id": 1, "webhook_id": webhook});
    harness.handle(&[message(std::slice::from_ref(&report))]).await;
    let replay = |only| Trigger::Replay { id: ReplayId::generate(), only };
    // Still inactive: it ends as skipped again, and the log names the replay.
    let first = replay(ReplayScope::Failed);
    harness.handle(&[delivery_message(Timestamp::now(), first, webhook, &report)]).await;
    let entry = harness.entry(webhook, id_of(&report)).await.unwrap();
    assert_eq!((entry.state.name(), entry.replay), ("skipped", first.replay()));
    assert!(harness.requests().is_empty());
}
