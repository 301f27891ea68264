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
