//! Rate limits of webhooks.

use std::time::{Duration, Instant, SystemTime};

use callhook::message::Wait;
use callhook::testing::unreachable_config_table;
use futures_util::future::join_all;
use jiff::Timestamp;
use serde_json::json;

use crate::attempt::Time;
use crate::due::Job;
use crate::journal::Outcome;
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
    assert_eq!(sut.requests().len(), 9, "the send times of the first second");
    let mut turns: Vec<_> = sut
        .retries()
        .iter()
        .map(|(_, message)| {
            assert_eq!((message.attempt, message.wait), (1, Wait::Slot), "no attempt is used up");
            message.due_at.duration_since(start).as_millis()
        })
        .collect();
    turns.sort_unstable();
    let expected: Vec<_> = (9..25).map(|turn| 50 + turn * 120).collect();
    assert_eq!(turns, expected, "one turn each");
    assert!(sut.run_queue(Duration::from_secs(3)).await.is_empty(), "none gets a second turn");
    assert_eq!(sut.requests().len(), 25);
}

/// What the queue holds, and from when it hands it out.
type Held = Vec<(Instant, String)>;

/// Adds what deliver has queued: SQS counts delays in whole seconds.
fn hold(sut: &Sut, held: &mut Held) {
    let whole = |delay: Duration| Duration::from_secs_f64(delay.as_secs_f64().ceil());
    let now = Instant::now();
    held.extend(sut.take_queued().into_iter().map(|sent| (now + whole(sent.delay), sent.body)));
}

#[tokio::test]
async fn no_second_at_the_receiver_holds_more_than_the_limit() {
    const LIMIT: usize = 20;
    let sut = Sut::new().await;
    let webhook = sut.webhook_with("200", json!({"max_per_second": LIMIT})).await;
    let reports: Vec<_> = (0..60).map(|id| json!({"id": id, "webhook_id": webhook})).collect();
    // An array, as ingest packs it, and three instances that share the table.
    let now = sut.hands.now();
    let messages: Vec<_> = reports.chunks(25).map(|part| [message_at(now, part)]).collect();
    for failed in join_all(messages.iter().map(|event| sut.handle(event))).await {
        assert_eq!(failed, [0; 0]);
    }
    let (mut held, deadline) = (Held::new(), Instant::now() + Duration::from_mins(1));
    hold(&sut, &mut held);
    while !held.is_empty() {
        assert!(Instant::now() < deadline, "{} wait", held.len());
        let now = Instant::now();
        let visible = held.extract_if(.., |(from, _)| *from <= now);
        let visible: Vec<_> = visible.map(|(_, body)| body).collect();
        for failed in join_all(visible.chunks(10).map(|event| sut.handle(event))).await {
            assert_eq!(failed, [0; 0]);
        }
        hold(&sut, &mut held);
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let mut times = sut.clients.times.lock().unwrap().clone();
    times.sort_unstable();
    assert_eq!(times.len(), reports.len(), "each once");
    for window in times.windows(LIMIT + 1) {
        let span = window[LIMIT].duration_since(window[0]);
        assert!(span > Duration::from_secs(1), "{} requests within {span:?}", window.len());
    }
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
    assert!(to("202") <= 1, "{}", to("202"));
}

#[tokio::test]
async fn what_is_overdue_is_sent_no_faster() {
    let sut = Sut::new().await;
    let start = Timestamp::from_second(1_700_000_000).unwrap();
    sut.hands.set(start);
    let webhook = sut.webhook_with("200", json!({"max_per_second": 10})).await;
    let reports: Vec<_> = (0..40).map(|id| json!({"id": id, "webhook_id": webhook})).collect();
    for reports in reports.chunks(20) {
        sut.handle(&[message_at(start, reports)]).await;
    }
    assert_eq!(sut.requests().len(), 9, "the send times of the first second");

    // The queue stands still for ten minutes.
    sut.hands.set(start + Duration::from_mins(10));
    let overdue: Vec<_> = sut.take_queued().into_iter().map(|sent| sent.body).collect();
    for event in overdue.chunks(10) {
        assert_eq!(sut.handle(event).await, [0; 0]);
    }
    assert_eq!(sut.requests().len(), 9 + 26, "the send times of three seconds");
    assert!(sut.run_queue(Duration::from_secs(5)).await.is_empty());
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
        sut.take_queued();
        waiting.sort_by_key(|message| message.due_at);
        for message in waiting {
            sut.hands.set(sut.hands.now().max(message.due_at + Duration::from_mins(1)));
            sut.handle(&[message.to_json().unwrap()]).await;
        }
    }
    assert_eq!(sut.requests().len(), 10, "a minute late each time");
    assert!(sut.retries().is_empty());
}

#[tokio::test]
async fn what_is_late_for_its_send_time_takes_another() {
    let sut = Sut::new().await;
    sut.hands.set(Timestamp::from_second(1_700_000_000).unwrap());
    let webhook = sut.webhook_with("200", json!({"max_per_second": 10})).await;
    let time = Time::until(SystemTime::now() + Duration::from_mins(2));
    for (late, is_sent) in [(0, true), (100, true), (101, false)] {
        let start_at = Some(sut.hands.now() - Duration::from_millis(late));
        let job = Job { start_at, ..sut.job(webhook, &json!({"id": late})).await };
        let made = sut.deliver.attempts.make(&job, time, &sut.deliver.clock, || {}).await;
        assert_eq!(matches!(made, Outcome::Attempted(_)), is_sent, "{late} ms late");
        sut.deliver.journal.keep(vec![(job, made)], sut.hands.now()).await;
    }
    assert_eq!(sut.requests().len(), 2);
    let retries = sut.retries();
    let [(_, again)] = &*retries else { panic!("one is queued: {retries:?}") };
    assert_eq!((again.attempt, again.wait), (1, Wait::Slot), "no attempt is used up");
}

#[tokio::test]
async fn without_the_table_nothing_is_sent_too_fast() {
    let sut = Sut::with(|deliver| deliver.limits = unreachable_config_table()).await;
    let limited = sut.webhook_with("202", json!({"max_per_second": 5})).await;
    let reports: Vec<_> = (0..3).map(|id| json!({"id": id, "webhook_id": limited})).collect();
    assert_eq!(sut.handle(&[message_at(sut.hands.now(), &reports)]).await, [0; 0]);
    assert!(sut.requests().is_empty());
    let waits: Vec<_> = sut.retries().into_iter().map(|(_, message)| message.wait).collect();
    assert_eq!(waits, [Wait::Deferred; 3], "they are new the next time as well");
}
