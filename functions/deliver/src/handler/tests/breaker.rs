//! The circuit breaker, on a clock that the test sets, with instances that share a table.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, SystemTime};

use callhook::domain::delivery::Trigger;
use callhook::domain::health::{Health, LastFailure};
use callhook::domain::ids::{ResendId, WebhookId};
use callhook::domain::operational::OperationalEvent;
use callhook::domain::webhook::{DisabledReason, WebhookStatus};
use callhook::ports::store::{DeliveryConfig as _, WebhookAdmin as _};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::attempt::AttemptDeadlines;
use crate::attempt::AttemptOutcome;
use crate::pending::Job;
use crate::testing::{Harness, account, delivery_message, id_of, message_at};

const ONE_ATTEMPT: fn() -> Value = || json!({"retry": {"schedule": []}});

async fn harness_at_a_fixed_time() -> Harness {
    let harness = Harness::new().await;
    harness.clock.set(Timestamp::from_second(1_700_000_000).unwrap());
    harness
}

fn advance(harness: &Harness, time: Duration) {
    harness.clock.set(harness.clock.now() + SignedDuration::try_from(time).unwrap());
}

async fn send(harness: &Harness, webhook: WebhookId, ids: std::ops::Range<u32>) -> Vec<Value> {
    let reports: Vec<_> = ids.map(|id| json!({"id": id, "webhook_id": webhook})).collect();
    assert_eq!(harness.handle(&[message_at(harness.clock.now(), &reports)]).await, [0; 0]);
    reports
}

async fn health(harness: &Harness, webhook: WebhookId) -> Option<Health> {
    let found = harness.table.webhooks_by_id(&account(), &[webhook]).await.unwrap();
    found[&webhook].clone().readable().unwrap().1
}

async fn status(harness: &Harness, webhook: WebhookId) -> WebhookStatus {
    let webhook = harness.table.webhook(&account(), webhook).await.unwrap().unwrap();
    webhook.settings.status
}

#[tokio::test]
async fn a_healthy_webhook_has_no_health_item() {
    let harness = harness_at_a_fixed_time().await;
    let webhook = harness.webhook("200").await;
    send(&harness, webhook, 0..25).await;
    assert_eq!(health(&harness, webhook).await, None);
}

#[tokio::test]
async fn ten_failures_open_the_circuit_and_one_probe_closes_it() {
    let harness = harness_at_a_fixed_time().await;
    let webhook = harness.webhook_with("down", ONE_ATTEMPT()).await;
    send(&harness, webhook, 0..10).await;
    assert_eq!(harness.requests().len(), 10);

    let waiting = send(&harness, webhook, 10..30).await;
    assert_eq!(harness.requests().len(), 10, "the circuit is open: no request");
    assert_eq!(harness.retries().len(), 20);
    let pending = harness.entry(webhook, id_of(&waiting[0])).await.unwrap();
    assert_eq!((pending.state.name(), pending.scheduled_attempts), ("pending", 0));

    // Half-open: one of the deferred deliveries is sent. It fails, and the circuit opens again.
    harness.run_queue(Duration::from_secs(41)).await;
    assert_eq!(harness.requests().len(), 11, "exactly one probe");
    let circuit = health(&harness, webhook).await.unwrap().circuit.unwrap();
    assert_eq!((circuit.level, circuit.probe_until), (2, None));

    harness.receivers.mended.store(true, Ordering::Relaxed);
    assert!(harness.run_queue(Duration::from_mins(5)).await.is_empty());
    assert_eq!(harness.requests().len(), 30, "each other delivery once");
    let known = health(&harness, webhook).await.unwrap();
    assert_eq!((known.failing_since, known.circuit), (None, None));
    let probed = waiting.iter().map(|report| harness.logged(webhook, id_of(report)));
    for logged in futures_util::future::join_all(probed).await {
        assert_eq!(logged, Some((1, true)), "waiting uses no attempt");
    }
}

#[tokio::test]
async fn health_has_the_last_failure_and_the_time_of_the_recovery() {
    let harness = harness_at_a_fixed_time().await;
    let webhook = harness.webhook_with("down", ONE_ATTEMPT()).await;
    send(&harness, webhook, 0..10).await;
    let began_at = harness.clock.now();
    advance(&harness, Duration::from_secs(31));
    send(&harness, webhook, 10..11).await;
    let failing = health(&harness, webhook).await.unwrap();
    let probed_at = harness.clock.now();
    assert_eq!(failing.last_failure, Some(LastFailure::new(probed_at, Ok(503))));
    assert_eq!(failing.circuit.unwrap().since, Some(began_at));
    assert_eq!(failing.last_success_at, None);

    harness.receivers.mended.store(true, Ordering::Relaxed);
    advance(&harness, Duration::from_secs(61));
    send(&harness, webhook, 11..12).await;
    let well = health(&harness, webhook).await.unwrap();
    assert_eq!(well.last_failure, failing.last_failure);
    assert_eq!(well.last_success_at, Some(harness.clock.now()));
    // A success of a healthy webhook writes nothing.
    advance(&harness, Duration::from_secs(1));
    send(&harness, webhook, 12..13).await;
    assert_eq!(health(&harness, webhook).await, Some(well));
}

#[tokio::test]
async fn deferred_deliveries_follow_the_first_success_within_seconds() {
    let harness = harness_at_a_fixed_time().await;
    let webhook = harness.webhook_with("down", ONE_ATTEMPT()).await;
    send(&harness, webhook, 0..10).await;
    send(&harness, webhook, 10..24).await;
    harness.receivers.mended.store(true, Ordering::Relaxed);
    // Half-open after 30 s, looked at within 5 s, and within another 5 s by the other deliveries.
    assert!(harness.run_queue(Duration::from_secs(41)).await.is_empty());
    assert_eq!(harness.requests().len(), 24);
}

#[tokio::test]
async fn deferred_deliveries_follow_a_change_of_the_webhook_within_seconds() {
    let harness = harness_at_a_fixed_time().await;
    let webhook = harness.webhook_with("down", ONE_ATTEMPT()).await;
    send(&harness, webhook, 0..10).await;
    let waiting = send(&harness, webhook, 10..24).await;
    let entry = harness.entry(webhook, id_of(&waiting[0])).await.unwrap();
    let expected = harness.clock.now() + SignedDuration::from_secs(30);
    assert_eq!(entry.state.next_attempt_at(), Some(expected), "as far as is known");
    harness.change(webhook, json!({"url": "http://receiver.example/200"})).await;
    assert!(harness.run_queue(Duration::from_secs(6)).await.is_empty());
    assert_eq!(harness.requests().iter().filter(|path| *path == "200").count(), 14);
}

#[tokio::test]
async fn one_of_all_instances_probes() {
    let harness = harness_at_a_fixed_time().await;
    let webhook = harness.webhook_with("hang", ONE_ATTEMPT()).await;
    harness.receivers.release.add_permits(10);
    send(&harness, webhook, 0..10).await;
    send(&harness, webhook, 10..30).await;
    let waiting: Vec<_> = harness.retries().iter().map(|(_, m)| m.to_json().unwrap()).collect();
    advance(&harness, Duration::from_secs(41));
    // The probe hangs while twenty batches are handled at the same time.
    let batches = waiting.iter().map(|message| {
        let harness = &harness;
        async move { harness.handle(std::slice::from_ref(message)).await }
    });
    let release = async {
        super::until(async || (harness.retries().len() == 20 + 19).then_some(())).await;
        let in_flight = harness.requests().len();
        harness.receivers.release.add_permits(20);
        in_flight
    };
    let (_, in_flight) = tokio::join!(futures_util::future::join_all(batches), release);
    assert_eq!(in_flight, 11, "one probe for all");
}

#[tokio::test]
async fn half_of_many_failing_opens_the_circuit() {
    let harness = harness_at_a_fixed_time().await;
    // One receiver, whose answers differ.
    let webhook = harness.webhook_with("down", ONE_ATTEMPT()).await;
    for round in 0..5 {
        harness.receivers.mended.store(round % 2 == 1, Ordering::Relaxed);
        send(&harness, webhook, round * 9..round * 9 + 9).await;
        advance(&harness, Duration::from_secs(1));
    }
    assert!(health(&harness, webhook).await.unwrap().circuit.is_some());
}

#[tokio::test]
async fn a_changed_webhook_is_tried_immediately() {
    let harness = harness_at_a_fixed_time().await;
    let webhook = harness.webhook_with("down", ONE_ATTEMPT()).await;
    send(&harness, webhook, 0..10).await;
    harness.change(webhook, json!({"url": "http://receiver.example/200"})).await;
    send(&harness, webhook, 10..11).await;
    assert_eq!(harness.requests().last().unwrap(), "down");
    assert!(harness.requests().contains(&"200".to_owned()));
}

#[tokio::test]
async fn few_failures_days_apart_disable_no_webhook() {
    let harness = harness_at_a_fixed_time().await;
    let webhook = harness.webhook_with("down", ONE_ATTEMPT()).await;
    for id in 0..9 {
        send(&harness, webhook, id..id + 1).await;
        advance(&harness, Duration::from_hours(24));
    }
    assert_eq!(status(&harness, webhook).await, WebhookStatus::Active);
    send(&harness, webhook, 9..10).await;
    assert!(matches!(status(&harness, webhook).await, WebhookStatus::Disabled { .. }));
}

#[tokio::test]
async fn five_days_of_failures_disable_a_webhook_until_it_is_activated() {
    let harness = harness_at_a_fixed_time().await;
    let webhook = harness.webhook("down").await;
    for day in 0..4 {
        send(&harness, webhook, day..day + 1).await;
        harness.run_queue(Duration::from_hours(24)).await;
        assert_eq!(status(&harness, webhook).await, WebhookStatus::Active, "day {day}");
    }
    send(&harness, webhook, 4..5).await;
    // Long enough for an attempt after the fifth day, wherever their spread puts it.
    harness.run_queue(Duration::from_hours(48)).await;
    let WebhookStatus::Disabled { disabled_reason, .. } = status(&harness, webhook).await else {
        panic!("still active after 5 days")
    };
    assert_eq!(disabled_reason, DisabledReason::Failing);
    let alerts = harness.alerts.0.lock().unwrap().clone();
    let [
        (_, OperationalEvent::WebhookFailing { .. }),
        (account_id, OperationalEvent::WebhookDisabled { webhook_id, .. }),
    ] = &*alerts
    else {
        panic!("one alert each: {alerts:?}")
    };
    assert_eq!((account_id, *webhook_id), (&account(), webhook));

    // Pending deliveries end as skipped, and so do new ones.
    assert!(harness.run_queue(Duration::from_hours(7 * 24)).await.is_empty());
    let new = send(&harness, webhook, 5..6).await;
    for report in [&json!({"id": 4, "webhook_id": webhook}), &new[0]] {
        let entry = harness.entry(webhook, id_of(report)).await.unwrap();
        assert_eq!(entry.state.name(), "skipped", "{report}");
    }

    // Its owner activates it: the clock of failures begins anew.
    harness.change(webhook, json!({"status": "active"})).await;
    send(&harness, webhook, 6..7).await;
    assert_eq!(health(&harness, webhook).await.unwrap().failures, 1);
    assert_eq!(status(&harness, webhook).await, WebhookStatus::Active);
}

#[tokio::test]
async fn one_success_in_five_days_keeps_a_webhook_active() {
    let harness = harness_at_a_fixed_time().await;
    let webhook = harness.webhook("down").await;
    for day in 0..9 {
        harness.receivers.mended.store(day == 4, Ordering::Relaxed);
        send(&harness, webhook, day..day + 1).await;
        harness.run_queue(Duration::from_hours(24)).await;
    }
    assert_eq!(status(&harness, webhook).await, WebhookStatus::Active);
}

#[tokio::test]
async fn an_accepted_resend_ends_the_clock_of_failures() {
    let harness = harness_at_a_fixed_time().await;
    let webhook = harness.webhook_with("down", ONE_ATTEMPT()).await;
    let reports = send(&harness, webhook, 0..10).await;
    let opened = health(&harness, webhook).await.unwrap().circuit;
    assert!(opened.is_some());

    advance(&harness, Duration::from_hours(24));
    harness.receivers.mended.store(true, Ordering::Relaxed);
    let resend = Trigger::Resend { id: ResendId::generate() };
    harness.handle(&[delivery_message(harness.clock.now(), resend, webhook, &reports[0])]).await;
    let after = health(&harness, webhook).await.unwrap();
    assert_eq!((after.failing_since, after.circuit), (None, opened), "the circuit stays open");

    advance(&harness, Duration::from_hours(5 * 24));
    harness.receivers.mended.store(false, Ordering::Relaxed);
    send(&harness, webhook, 10..11).await;
    assert_eq!(
        status(&harness, webhook).await,
        WebhookStatus::Active,
        "the receiver accepted a request"
    );
}

#[tokio::test]
async fn a_probe_whose_claim_ends_before_its_timeout_is_not_sent() {
    let harness = harness_at_a_fixed_time().await;
    let webhook = harness.webhook_with("down", ONE_ATTEMPT()).await;
    let reports = send(&harness, webhook, 0..10).await;
    let job = async |left: u64| {
        let until =
            harness.clock.now() + SignedDuration::try_from(Duration::from_secs(left)).unwrap();
        Job { probe_until: Some(until), ..harness.job(webhook, &reports[0]).await }
    };
    let time = AttemptDeadlines::until(SystemTime::now() + Duration::from_mins(2));
    let (before, attempts) = (harness.requests().len(), &harness.deliver.attempts);
    let late = attempts.make(&job(14).await, time, &harness.deliver.clock, || {}).await;
    assert!(matches!(late, AttemptOutcome::NoTime), "its timeout is 15 s");
    assert_eq!(harness.requests().len(), before, "no request");
    let good = attempts.make(&job(16).await, time, &harness.deliver.clock, || {}).await;
    assert!(matches!(good, AttemptOutcome::Sent(..)));
}

#[tokio::test]
async fn a_410_disables_a_webhook_immediately() {
    let harness = harness_at_a_fixed_time().await;
    let webhook = harness.webhook("410").await;
    let reports = send(&harness, webhook, 0..1).await;
    let entry = harness.entry(webhook, id_of(&reports[0])).await.unwrap();
    assert_eq!(entry.state.name(), "failed");
    assert!(harness.retries().is_empty());
    let WebhookStatus::Disabled { disabled_reason, .. } = status(&harness, webhook).await else {
        panic!("still active")
    };
    assert_eq!(disabled_reason, DisabledReason::Gone);
}

#[tokio::test]
async fn deliveries_of_a_slow_webhook_move_to_the_retries_queue() {
    let harness = harness_at_a_fixed_time().await;
    let slow = harness.webhook("200").await;
    let target = harness.target(slow).await;
    harness.deliver.breaker.mark_slow(&target, harness.clock.now()).await.unwrap();

    send(&harness, slow, 0..3).await;
    assert!(harness.requests().is_empty(), "they would delay new reports");
    assert_eq!(harness.retries().len(), 3);
    assert!(harness.run_queue(Duration::ZERO).await.is_empty());
    assert_eq!(harness.requests().len(), 3, "immediately, from the Retries queue");
    advance(&harness, Duration::from_mins(1));
    send(&harness, slow, 3..4).await;
    assert_eq!(harness.requests().len(), 4, "the mark ends after a minute");
}

const REPORTS: u32 = 240;

/// The requests to a dead receiver while its circuit is open, compared to those of its schedule.
#[tokio::test]
async fn a_dead_receiver_gets_under_one_percent_of_its_requests() {
    let harness = harness_at_a_fixed_time().await;
    let webhook = harness.webhook("down").await;
    send(&harness, webhook, 0..10).await;
    let opened = harness.requests().len();
    assert!(health(&harness, webhook).await.unwrap().circuit.is_some());
    let before = harness.receivers.invocations.load(Ordering::Relaxed);
    for n in 0..REPORTS {
        send(&harness, webhook, 10 + n..11 + n).await;
        harness.run_queue_in_batches(Duration::from_secs(5), Duration::from_secs(1)).await;
    }
    let batches = harness.receivers.invocations.load(Ordering::Relaxed) - before;
    let sent = harness.requests().len() - opened;
    // The attempts of the schedule within the time: immediately, after 5 s and after 5 min.
    let seconds = f64::from(REPORTS) * 5.0;
    let attempts = [0.0, 5.0, 305.0].iter().map(|after| 1.0 - after / seconds).sum::<f64>();
    let scheduled = f64::from(REPORTS) * attempts;
    #[expect(clippy::cast_precision_loss, reason = "small numbers")]
    let share = sent as f64 / scheduled * 100.0;
    println!(
        "a dead receiver gets {sent} requests in {seconds} s, not {scheduled:.0}: {share:.2} %"
    );
    println!("and the {REPORTS} deliveries that wait for it take {batches} batches");
    assert!(share < 1.0, "{sent} of {scheduled}");
    assert_eq!(Arc::strong_count(&harness.deliver), 1, "no task is left behind");
}
