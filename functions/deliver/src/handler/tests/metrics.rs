//! The metrics of invocations.

use std::sync::atomic::Ordering;
use std::time::Duration;

use callhook::domain::delivery::{Attempt, Trigger};
use callhook::domain::health::OpenCircuit;
use callhook::domain::message::Message;
use callhook::ports::store::WebhookHealth as _;
use callhook::runtime::telemetry::metrics::Metrics;
use callhook::testing::emitted;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::breaker::Signal;
use crate::testing::{Harness, Log, Retries, delivery_message, message_at};
use crate::verdict::Verdict;
use crate::writer::OutcomeWriter;

/// A warm function, at a fixed time.
async fn warm() -> Harness {
    let harness = Harness::new().await;
    harness.clock.set(Timestamp::from_second(1_700_000_000).unwrap());
    assert_eq!(emitted(&harness.metrics), json!({"ColdStart": 1}));
    harness
}

/// A message of `count` reports for a webhook that were accepted 1.5 s ago.
fn reports(harness: &Harness, webhook: &Value, count: u32) -> String {
    let reports: Vec<_> = (0..count).map(|id| json!({"id": id, "webhook_id": webhook})).collect();
    message_at(harness.clock.now() - SignedDuration::from_millis(1_500), &reports)
}

#[tokio::test]
async fn each_outcome_of_a_delivery_is_counted_and_each_attempt_measured() {
    let attempted =
        |outcome: &str| json!({outcome: 1, "AttemptLatency": [7], "AgeAtFirstAttempt": [1_500]});
    for (path, settings, expected) in [
        ("200", json!({}), attempted("DeliveriesDelivered")),
        ("500", json!({}), attempted("DeliveriesRetried")),
        ("500", json!({"retry": {"schedule": []}}), attempted("DeliveriesFailed")),
        ("410", json!({}), attempted("DeliveriesFailed")),
        ("congested", json!({}), json!({"DeliveriesDeferred": 1})),
        ("200", json!({"status": "inactive"}), json!({"DeliveriesSkipped": 1})),
        (
            "200",
            json!({"url": "http://receiver.example/{{id | plus: 'x'}}"}),
            json!({"DeliveriesFailed": 1}),
        ),
    ] {
        let harness = warm().await;
        let webhook = json!(harness.webhook_with(path, settings.clone()).await);
        assert_eq!(harness.handle(&[reports(&harness, &webhook, 1)]).await, [0; 0]);
        assert_eq!(emitted(&harness.metrics), expected, "{path} {settings}");
    }
}

#[tokio::test]
async fn a_batch_makes_one_line() {
    let harness = warm().await;
    let (good, bad) = (json!(harness.webhook("200").await), json!(harness.webhook("500").await));
    let batch =
        [reports(&harness, &good, 3), reports(&harness, &bad, 2), reports(&harness, &good, 3)];
    assert_eq!(harness.handle(&batch).await, [0; 0]);
    let expected = json!({
        "DeliveriesDelivered": 3, "DeliveriesRetried": 2,
        "AttemptLatency": [7, 7, 7, 7, 7], "AgeAtFirstAttempt": [1_500, 1_500, 1_500, 1_500, 1_500],
    });
    assert_eq!(emitted(&harness.metrics), expected);
    assert_eq!(harness.handle(&batch).await, [0; 0]);
    assert_eq!(emitted(&harness.metrics), Value::Null, "the log has all of them");
}

#[tokio::test]
async fn only_a_first_attempt_has_an_age() {
    let harness = warm().await;
    let webhook = harness.webhook("500").await;
    harness.handle(&[reports(&harness, &json!(webhook), 1)]).await;
    emitted(&harness.metrics);
    harness.run_queue(Duration::from_secs(6)).await;
    let second = json!({"DeliveriesRetried": 1, "AttemptLatency": [7]});
    assert_eq!(emitted(&harness.metrics), second);
    let resend = Trigger::Resend { id: callhook::domain::ids::ResendId::generate() };
    harness
        .handle(&[delivery_message(harness.clock.now(), resend, webhook, &json!({"id": 9}))])
        .await;
    assert_eq!(emitted(&harness.metrics), json!({"DeliveriesFailed": 1, "AttemptLatency": [7]}));
}

#[tokio::test]
async fn a_refused_request_is_not_measured() {
    let harness = warm().await;
    harness.receivers.refuses.store(true, Ordering::Relaxed);
    let webhook = json!(harness.webhook("200").await);
    harness.handle(&[reports(&harness, &webhook, 1)]).await;
    assert_eq!(emitted(&harness.metrics), json!({"DeliveriesFailed": 1}));
}

#[tokio::test]
async fn a_delivery_older_than_any_schedule_counts_as_expired() {
    let harness = warm().await;
    let webhook = harness.webhook("200").await;
    let retry =
        delivery_message(harness.clock.now(), Trigger::Automatic, webhook, &json!({"id": 1}));
    let Ok(Message::Delivery(mut expired)) = Message::parse(&retry) else { panic!("a delivery") };
    expired.attempt = 14;
    harness.handle(&[expired.to_json().unwrap()]).await;
    assert_eq!(emitted(&harness.metrics), json!({"DeliveriesSkipped": 1, "DeliveriesExpired": 1}));
}

#[tokio::test]
async fn a_retry_that_could_not_be_queued_is_not_counted() {
    let harness = Harness::with(|deliver| deliver.writer.retries.fails = true).await;
    emitted(&harness.metrics);
    let webhook = json!(harness.webhook("500").await);
    assert_eq!(harness.handle(&[reports(&harness, &webhook, 1)]).await, [0]);
    let counted = emitted(&harness.metrics);
    assert_eq!(counted.get("DeliveriesRetried"), None, "{counted}");
}

#[tokio::test]
async fn a_circuit_is_counted_when_it_opens_and_when_it_closes() {
    let harness = warm().await;
    let webhook = harness.webhook_with("down", json!({"retry": {"schedule": []}})).await;
    harness.handle(&[reports(&harness, &json!(webhook), 10)]).await;
    assert_eq!(emitted(&harness.metrics)["CircuitsOpened"], 1);
    let (waiting, now) = (json!({"id": 11, "webhook_id": webhook}), harness.clock.now());
    harness.handle(&[message_at(now, &[waiting])]).await;
    assert_eq!(emitted(&harness.metrics), json!({"DeliveriesDeferred": 1}));

    harness.run_queue(Duration::from_secs(41)).await;
    let probed = emitted(&harness.metrics);
    assert_eq!((&probed["DeliveriesFailed"], probed.get("CircuitsOpened")), (&json!(1), None));
    harness.receivers.mended.store(true, Ordering::Relaxed);
    harness.clock.set(harness.clock.now() + SignedDuration::from_mins(2));
    let probe = json!({"id": 12, "webhook_id": webhook});
    harness.handle(&[message_at(harness.clock.now(), &[probe])]).await;
    let closed = emitted(&harness.metrics);
    assert_eq!((&closed["CircuitsClosed"], &closed["DeliveriesDelivered"]), (&json!(1), &json!(1)));
}

#[tokio::test]
async fn an_end_is_counted_once_it_is_logged() {
    let metrics = Metrics::of("Callhook/callhook", "deliver", "callhook-deliver");
    let (mine, retries) = (metrics.clone(), Retries::default());
    let harness =
        Harness::with(|deliver| deliver.writer = OutcomeWriter::new(retries, Log::Down, mine))
            .await;
    let webhook = json!(harness.webhook_with("500", json!({"retry": {"schedule": []}})).await);
    assert_eq!(harness.handle(&[reports(&harness, &webhook, 1)]).await, [0; 0]);
    harness.run_queue(Duration::from_secs(65)).await;
    assert_eq!(harness.requests(), ["500", "500"], "it ends again");
    assert_eq!(emitted(&metrics), json!({"ColdStart": 1}));
}

#[tokio::test]
async fn a_circuit_that_another_instance_has_opened_is_not_counted_again() {
    for (is_open, expected) in [(false, json!({"CircuitsOpened": 1})), (true, Value::Null)] {
        let harness = warm().await;
        let webhook = harness.webhook("200").await;
        let (job, now) = (harness.job(webhook, &json!({"id": 1})).await, harness.clock.now());
        if is_open {
            let circuit = OpenCircuit::opening(now, None);
            assert!(harness.table.open_circuit(&job.target.version(), circuit).await.unwrap());
        }
        let signal = |status| {
            let attempt = Attempt {
                result: Ok(status),
                latency: Duration::ZERO,
                body: bytes::Bytes::new(),
                is_cut: false,
                retry_after: None,
                evidence: None,
            };
            Signal::of(&job, &attempt, Verdict::of(&job, &attempt)).unwrap()
        };
        let breaker = &harness.deliver.breaker;
        breaker.begin(tokio::time::Instant::now() + Duration::from_mins(1));
        breaker
            .update_health((0..20).map(|n| signal(if n < 5 { 200 } else { 500 })).collect(), now)
            .await;
        assert_eq!(emitted(&harness.metrics), expected, "{is_open}");
    }
}
