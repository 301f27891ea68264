//! Deliveries that somebody asked for.

use std::sync::atomic::Ordering;
use std::time::Duration;

use callhook::delivery::{ReplayScope, Trigger};
use callhook::ids::{ReplayId, ResendId};
use jiff::Timestamp;
use serde_json::json;

use crate::testing::{Sut, asked_for, id_of, message};

fn resend() -> Trigger {
    Trigger::Resend { id: ResendId::generate() }
}

#[tokio::test]
async fn a_resend_is_one_request_and_leaves_the_scheduled_retry_alone() {
    let sut = Sut::new().await;
    let webhook = sut.webhook("500").await;
    let report = json!({"id": 1, "webhook_id": webhook});
    sut.handle(&[message(std::slice::from_ref(&report))]).await;
    let manual = asked_for(Timestamp::now(), resend(), webhook, &report);
    assert_eq!(sut.handle(&[manual.clone(), manual.clone()]).await, [0; 0]);
    sut.handle(&[manual]).await;
    assert_eq!(sut.requests().len(), 2, "a repeated message repeats nothing");
    let [(_, retry)] = &*sut.retries() else { panic!("the one retry of the schedule") };
    assert_eq!((retry.attempt, retry.trigger), (2, Trigger::Automatic));
    let entry = sut.entry(webhook, id_of(&report)).await.unwrap();
    assert_eq!(entry.state.name(), "retrying");
    let triggers: Vec<_> = entry.attempts.iter().map(|made| made.trigger.name()).collect();
    assert_eq!(triggers, ["automatic", "manual"]);
}

#[tokio::test]
async fn a_resend_that_is_taken_spares_the_scheduled_retry() {
    let sut = Sut::new().await;
    let webhook = sut.webhook("down").await;
    let report = json!({"id": 1, "webhook_id": webhook});
    sut.handle(&[message(std::slice::from_ref(&report))]).await;
    sut.clients.mended.store(true, Ordering::Relaxed);
    sut.handle(&[asked_for(Timestamp::now(), resend(), webhook, &report)]).await;
    assert_eq!(sut.requests().len(), 2);
    assert!(sut.run_queue(Duration::from_hours(1)).await.is_empty());
    assert_eq!(sut.requests().len(), 2, "it was taken");
}

#[tokio::test]
async fn a_replay_has_the_schedule_again() {
    let sut = Sut::new().await;
    let webhook = sut.webhook_with("down", json!({"retry": {"schedule": [1]}})).await;
    let report = json!({"id": 1, "webhook_id": webhook});
    sut.hands.set(Timestamp::now());
    sut.handle(&[message(std::slice::from_ref(&report))]).await;
    assert!(sut.run_queue(Duration::from_mins(1)).await.is_empty());
    let entry = sut.entry(webhook, id_of(&report)).await.unwrap();
    assert_eq!((entry.state.name(), entry.attempts.len()), ("failed", 2));

    let replay = Trigger::Replay { id: ReplayId::generate(), only: ReplayScope::Failed };
    sut.handle(&[asked_for(Timestamp::now(), replay, webhook, &report)]).await;
    let entry = sut.entry(webhook, id_of(&report)).await.unwrap();
    assert_eq!((entry.state.name(), entry.replay), ("retrying", replay.replay()));
    sut.clients.mended.store(true, Ordering::Relaxed);
    assert!(sut.run_queue(Duration::from_mins(1)).await.is_empty());
    let entry = sut.entry(webhook, id_of(&report)).await.unwrap();
    assert_eq!((entry.state.name(), entry.attempts.len()), ("delivered", 4));
    sut.handle(&[asked_for(Timestamp::now(), replay, webhook, &report)]).await;
    assert_eq!(sut.requests().len(), 4, "a repeated message repeats nothing");
}

#[tokio::test]
async fn a_replay_that_meets_an_open_circuit_is_pending_in_the_log() {
    let sut = Sut::new().await;
    sut.hands.set(Timestamp::now());
    let webhook = sut.webhook_with("down", json!({"retry": {"schedule": []}})).await;
    let reports: Vec<_> = (0..10).map(|id| json!({"id": id, "webhook_id": webhook})).collect();
    sut.handle(&[message(&reports)]).await;
    assert_eq!(sut.requests().len(), 10, "ten failures open the circuit");
    let replay = Trigger::Replay { id: ReplayId::generate(), only: ReplayScope::Failed };
    sut.handle(&[asked_for(Timestamp::now(), replay, webhook, &reports[0])]).await;
    let entry = sut.entry(webhook, id_of(&reports[0])).await.unwrap();
    assert_eq!((entry.state.name(), entry.replay), ("pending", replay.replay()));
    assert!(!entry.covers(&replay, 1), "and still to be sent");

    sut.clients.mended.store(true, Ordering::Relaxed);
    assert!(sut.run_queue(Duration::from_mins(5)).await.is_empty());
    assert_eq!(sut.requests().len(), 11);
    let entry = sut.entry(webhook, id_of(&reports[0])).await.unwrap();
    assert_eq!((entry.state.name(), entry.attempts.len()), ("delivered", 2));
}

#[tokio::test]
async fn a_resend_does_not_wait_for_a_circuit() {
    let sut = Sut::new().await;
    let webhook = sut.webhook_with("down", json!({"retry": {"schedule": []}})).await;
    let reports: Vec<_> = (0..10).map(|id| json!({"id": id, "webhook_id": webhook})).collect();
    sut.handle(&[message(&reports)]).await;
    sut.handle(&[asked_for(Timestamp::now(), resend(), webhook, &reports[0])]).await;
    assert_eq!(sut.requests().len(), 11, "whoever asks for it looks at what comes of it");
}

#[tokio::test]
async fn what_a_webhook_missed_while_it_was_inactive_can_be_replayed() {
    let sut = Sut::new().await;
    let webhook = sut.webhook_with("200", json!({"status": "inactive"})).await;
    let report = json!({"id": 1, "webhook_id": webhook});
    sut.handle(&[message(std::slice::from_ref(&report))]).await;
    let replay = |only| Trigger::Replay { id: ReplayId::generate(), only };
    // Still inactive: it ends as skipped again, and the replay knows that it came by.
    let first = replay(ReplayScope::Failed);
    sut.handle(&[asked_for(Timestamp::now(), first, webhook, &report)]).await;
    let entry = sut.entry(webhook, id_of(&report)).await.unwrap();
    assert_eq!((entry.state.name(), entry.replay), ("skipped", first.replay()));
    assert!(sut.requests().is_empty());
}
