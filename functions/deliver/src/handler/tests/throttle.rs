//! Rate limits of webhooks.

use std::time::Duration;

use callhook::message::Wait;
use jiff::Timestamp;
use serde_json::json;

use crate::testing::{Sut, message_at};

#[tokio::test]
async fn a_webhook_gets_no_more_than_it_wants_a_second() {
    let sut = Sut::new().await;
    let start = Timestamp::from_second(1_700_000_000).unwrap();
    sut.hands.set(start);
    let webhook = sut.webhook_with("200", json!({"max_per_second": 10})).await;
    let reports: Vec<_> = (0..25).map(|id| json!({"id": id, "webhook_id": webhook})).collect();
    for reports in reports.chunks(5) {
        assert_eq!(sut.handle(&[message_at(start, reports)]).await, [0; 0]);
    }
    assert_eq!(sut.requests().len(), 11, "the places of the first second");
    let mut slots: Vec<_> = sut
        .retries()
        .iter()
        .map(|(_, message)| {
            assert_eq!((message.attempt, message.wait), (1, Wait::Slot), "no attempt is used up");
            message.due_at.duration_since(start).as_millis()
        })
        .collect();
    slots.sort_unstable();
    let expected: Vec<_> = (11..25).map(|place| place * 100).collect();
    assert_eq!(slots, expected, "one place each");
    assert!(sut.run_queue(Duration::from_secs(3)).await.is_empty(), "none gets a second place");
    assert_eq!(sut.requests().len(), 25);
}

#[tokio::test]
async fn other_webhooks_do_not_wait() {
    let sut = Sut::new().await;
    let limited = sut.webhook_with("202", json!({"max_per_second": 1})).await;
    let free = sut.webhook("200").await;
    let reports: Vec<_> =
        (0..20).map(|id| json!({"id": id, "webhook_ids": [limited, free]})).collect();
    sut.handle(&[message_at(sut.hands.now(), &reports)]).await;
    let to = |path: &str| sut.requests().iter().filter(|request| *request == path).count();
    assert_eq!(to("200"), 20);
    assert!(to("202") <= 3, "{}", to("202"));
}

#[tokio::test]
async fn what_missed_its_place_gets_another() {
    let sut = Sut::new().await;
    let start = Timestamp::from_second(1_700_000_000).unwrap();
    sut.hands.set(start);
    let webhook = sut.webhook_with("200", json!({"max_per_second": 10})).await;
    let reports: Vec<_> = (0..40).map(|id| json!({"id": id, "webhook_id": webhook})).collect();
    for reports in reports.chunks(20) {
        sut.handle(&[message_at(start, reports)]).await;
    }
    assert_eq!(sut.requests().len(), 11, "the places of the first second");

    // The queue stands still for ten minutes.
    sut.hands.set(start + Duration::from_mins(10));
    let overdue: Vec<_> =
        sut.retries().into_iter().map(|(_, message)| message.to_json().unwrap()).collect();
    sut.deliver.journal.retries.sent.lock().unwrap().clear();
    for event in overdue.chunks(10) {
        assert_eq!(sut.handle(event).await, [0; 0]);
    }
    assert_eq!(sut.requests().len(), 22, "as many as at any other time");
    assert!(sut.run_queue(Duration::from_secs(3)).await.is_empty());
    assert_eq!(sut.requests().len(), 40, "once each");
}

#[tokio::test]
async fn a_queue_that_is_always_late_holds_up_nothing_for_ever() {
    let sut = Sut::new().await;
    sut.hands.set(Timestamp::from_second(1_700_000_000).unwrap());
    let webhook = sut.webhook_with("200", json!({"max_per_second": 1})).await;
    let reports: Vec<_> = (0..10).map(|id| json!({"id": id, "webhook_id": webhook})).collect();
    sut.handle(&[message_at(sut.hands.now(), &reports)]).await;
    for _ in 0..20 {
        let mut waiting: Vec<_> = sut.retries().into_iter().map(|(_, m)| m).collect();
        sut.deliver.journal.retries.sent.lock().unwrap().clear();
        waiting.sort_by_key(|message| message.due_at);
        for message in waiting {
            sut.hands.set(sut.hands.now().max(message.due_at + Duration::from_mins(1)));
            sut.handle(&[message.to_json().unwrap()]).await;
        }
    }
    assert_eq!(sut.requests().len(), 10, "a minute late each time");
    assert!(sut.retries().is_empty());
}
