//! Rate limits of webhooks.

use std::time::{Duration, Instant, SystemTime};

use callhook::domain::message::Wait;
use callhook::testing::unreachable_config_table;
use futures_util::future::join_all;
use jiff::Timestamp;
use serde_json::json;

use crate::attempt::AttemptDeadlines;
use crate::attempt::AttemptOutcome;
use crate::pending::Job;
use crate::testing::{Harness, message_at};

#[tokio::test]
async fn a_webhook_gets_at_most_max_per_second_requests() {
    let harness = Harness::new().await;
    let start = Timestamp::from_second(1_700_000_000).unwrap();
    harness.clock.set(start);
    let webhook = harness.webhook_with("200", json!({"max_per_second": 10})).await;
    let reports: Vec<_> = (0..25).map(|id| json!({"id": id, "webhook_id": webhook})).collect();
    for reports in reports.chunks(5) {
        assert_eq!(harness.handle(&[message_at(start, reports)]).await, [0; 0]);
    }
    assert_eq!(harness.requests().len(), 9, "the send slots of the first second");
    let mut turns: Vec<_> = harness
        .retries()
        .iter()
        .map(|(_, message)| {
            assert_eq!((message.attempt, message.wait), (1, Wait::Slot), "waiting uses no attempt");
            message.due_at.duration_since(start).as_millis()
        })
        .collect();
    turns.sort_unstable();
    let expected: Vec<_> = (9..25).map(|turn| 50 + turn * 120).collect();
    assert_eq!(turns, expected, "one turn each");
    assert!(harness.run_queue(Duration::from_secs(3)).await.is_empty(), "no second turn");
    assert_eq!(harness.requests().len(), 25);
}

/// Queued messages, and when they are visible.
type Queued = Vec<(Instant, String)>;

/// Adds the messages that deliver has queued: SQS counts delays in whole seconds.
fn collect(harness: &Harness, queued: &mut Queued) {
    let whole = |delay: Duration| Duration::from_secs_f64(delay.as_secs_f64().ceil());
    let now = Instant::now();
    queued
        .extend(harness.take_queued().into_iter().map(|sent| (now + whole(sent.delay), sent.body)));
}

#[tokio::test]
async fn no_second_at_the_receiver_holds_more_than_the_limit() {
    const LIMIT: usize = 20;
    let harness = Harness::new().await;
    let webhook = harness.webhook_with("200", json!({"max_per_second": LIMIT})).await;
    let reports: Vec<_> = (0..60).map(|id| json!({"id": id, "webhook_id": webhook})).collect();
    // Three messages, as ingest packs an array, and three instances that share the table.
    let now = harness.clock.now();
    let messages: Vec<_> = reports.chunks(25).map(|part| [message_at(now, part)]).collect();
    for failed in join_all(messages.iter().map(|event| harness.handle(event))).await {
        assert_eq!(failed, [0; 0]);
    }
    let (mut queued, deadline) = (Queued::new(), Instant::now() + Duration::from_mins(1));
    collect(&harness, &mut queued);
    while !queued.is_empty() {
        assert!(Instant::now() < deadline, "{} wait", queued.len());
        let now = Instant::now();
        let visible = queued.extract_if(.., |(from, _)| *from <= now);
        let visible: Vec<_> = visible.map(|(_, body)| body).collect();
        for failed in join_all(visible.chunks(10).map(|event| harness.handle(event))).await {
            assert_eq!(failed, [0; 0]);
        }
        collect(&harness, &mut queued);
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let mut times = harness.receivers.times.lock().unwrap().clone();
    times.sort_unstable();
    assert_eq!(times.len(), reports.len(), "each once");
    for window in times.windows(LIMIT + 1) {
        let span = window[LIMIT].duration_since(window[0]);
        assert!(span > Duration::from_secs(1), "{} requests within {span:?}", window.len());
    }
}

#[tokio::test]
async fn other_webhooks_do_not_wait() {
    let harness = Harness::new().await;
    let limited = harness.webhook_with("202", json!({"max_per_second": 1})).await;
    let free = harness.webhook("200").await;
    let reports: Vec<_> =
        (0..20).map(|id| json!({"id": id, "webhook_ids": [limited, free]})).collect();
    harness.handle(&[message_at(harness.clock.now(), &reports)]).await;
    let to = |path: &str| harness.requests().iter().filter(|request| *request == path).count();
    assert_eq!(to("200"), 20);
    assert!(to("202") <= 1, "{}", to("202"));
}

#[tokio::test]
async fn overdue_deliveries_are_sent_no_faster() {
    let harness = Harness::new().await;
    let start = Timestamp::from_second(1_700_000_000).unwrap();
    harness.clock.set(start);
    let webhook = harness.webhook_with("200", json!({"max_per_second": 10})).await;
    let reports: Vec<_> = (0..40).map(|id| json!({"id": id, "webhook_id": webhook})).collect();
    for reports in reports.chunks(20) {
        harness.handle(&[message_at(start, reports)]).await;
    }
    assert_eq!(harness.requests().len(), 9, "the send slots of the first second");

    // The queue is ten minutes late.
    harness.clock.set(start + Duration::from_mins(10));
    let overdue: Vec<_> = harness.take_queued().into_iter().map(|sent| sent.body).collect();
    for event in overdue.chunks(10) {
        assert_eq!(harness.handle(event).await, [0; 0]);
    }
    assert_eq!(harness.requests().len(), 9 + 26, "the send slots of three seconds");
    assert!(harness.run_queue(Duration::from_secs(5)).await.is_empty());
    assert_eq!(harness.requests().len(), 40, "once each");
}

#[tokio::test]
async fn every_delivery_goes_out_though_the_queue_is_always_late() {
    let harness = Harness::new().await;
    harness.clock.set(Timestamp::from_second(1_700_000_000).unwrap());
    let webhook = harness.webhook_with("200", json!({"max_per_second": 1})).await;
    let reports: Vec<_> = (0..10).map(|id| json!({"id": id, "webhook_id": webhook})).collect();
    harness.handle(&[message_at(harness.clock.now(), &reports)]).await;
    for _ in 0..20 {
        let mut waiting: Vec<_> = harness.retries().into_iter().map(|(_, m)| m).collect();
        harness.take_queued();
        waiting.sort_by_key(|message| message.due_at);
        for message in waiting {
            harness.clock.set(harness.clock.now().max(message.due_at + Duration::from_mins(1)));
            harness.handle(&[message.to_json().unwrap()]).await;
        }
    }
    assert_eq!(harness.requests().len(), 10, "a minute late each time");
    assert!(harness.retries().is_empty());
}

#[tokio::test]
async fn a_request_that_misses_its_send_slot_takes_another() {
    let harness = Harness::new().await;
    harness.clock.set(Timestamp::from_second(1_700_000_000).unwrap());
    let webhook = harness.webhook_with("200", json!({"max_per_second": 10})).await;
    let time = AttemptDeadlines::until(SystemTime::now() + Duration::from_mins(2));
    for (late, is_sent) in [(0, true), (100, true), (101, false)] {
        let start_at = Some(harness.clock.now() - Duration::from_millis(late));
        let job = Job { start_at, ..harness.job(webhook, &json!({"id": late})).await };
        let made = harness.deliver.attempts.make(&job, time, &harness.deliver.clock, || {}).await;
        assert_eq!(matches!(made, AttemptOutcome::Sent(..)), is_sent, "{late} ms late");
        harness.deliver.writer.write_outcomes(vec![(job, made)], harness.clock.now()).await;
    }
    assert_eq!(harness.requests().len(), 2);
    let retries = harness.retries();
    let [(_, again)] = &*retries else { panic!("one is queued: {retries:?}") };
    assert_eq!((again.attempt, again.wait), (1, Wait::Slot), "waiting uses no attempt");
}

#[tokio::test]
async fn without_the_table_rate_limited_deliveries_are_deferred() {
    let harness = Harness::with(|deliver| deliver.limits = unreachable_config_table()).await;
    let limited = harness.webhook_with("202", json!({"max_per_second": 5})).await;
    let reports: Vec<_> = (0..3).map(|id| json!({"id": id, "webhook_id": limited})).collect();
    assert_eq!(harness.handle(&[message_at(harness.clock.now(), &reports)]).await, [0; 0]);
    assert!(harness.requests().is_empty());
    let waits: Vec<_> = harness.retries().into_iter().map(|(_, message)| message.wait).collect();
    assert_eq!(waits, [Wait::Deferred; 3], "they have no precedence next time");
}
