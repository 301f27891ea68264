//! The retry schedule, on a clock that the test sets.

use std::time::{Duration, SystemTime};

use callhook::ports::store::DeliveryReader as _;
use jiff::Timestamp;
use serde_json::json;

use crate::attempt::AttemptDeadlines;
use crate::attempt::AttemptOutcome;
use crate::testing::{Harness, account, id_of, message_at};

/// The default schedule, in seconds (`docs/delivery.md`).
const WAITS: [f64; 9] =
    [5.0, 300.0, 1_800.0, 7_200.0, 18_000.0, 36_000.0, 50_400.0, 72_000.0, 86_400.0];

#[tokio::test]
async fn a_failing_delivery_is_attempted_by_its_schedule() {
    let harness = Harness::new().await;
    harness.clock.set(Timestamp::from_second(1_700_000_000).unwrap());
    let webhook = harness.webhook("500").await;
    let report = json!({"id": 1, "webhook_id": webhook});
    harness.handle(&[message_at(harness.clock.now(), std::slice::from_ref(&report))]).await;
    let left = harness.run_queue(Duration::from_hours(7 * 24)).await;
    assert!(left.is_empty(), "no message circulates: {left:?}");

    let entry = harness.entry(webhook, id_of(&report)).await.unwrap();
    assert_eq!(entry.state.name(), "failed");
    assert_eq!(entry.attempts.len(), WAITS.len() + 1);
    for (pair, scheduled) in entry.attempts.windows(2).zip(WAITS) {
        let waited = pair[1].at.duration_since(pair[0].at).as_secs_f64();
        println!(
            "retry {}: {waited:.1} s after the attempt before, {scheduled} s scheduled",
            pair[1].number
        );
        let off = waited / scheduled - 1.0;
        assert!(off.abs() <= 0.2, "{waited} s instead of {scheduled} s");
    }
}

#[tokio::test]
async fn an_empty_schedule_is_one_attempt() {
    let harness = Harness::new().await;
    let webhook = harness.webhook_with("500", json!({"retry": {"schedule": []}})).await;
    let report = json!({"id": 1, "webhook_id": webhook});
    harness.handle(&[message_at(harness.clock.now(), std::slice::from_ref(&report))]).await;
    assert!(harness.retries().is_empty());
    assert_eq!(harness.logged(webhook, id_of(&report)).await, Some((1, true)));
}

#[tokio::test]
async fn the_log_keeps_every_attempt_and_the_report() {
    let harness = Harness::new().await;
    let webhook = harness.webhook_with("down", json!({"retry": {"schedule": [1, 1]}})).await;
    let report = json!({"id": 1, "webhook_id": webhook, "to": 918_867_130_000_u64});
    harness.handle(&[message_at(harness.clock.now(), std::slice::from_ref(&report))]).await;
    harness.receivers.mended.store(true, std::sync::atomic::Ordering::Relaxed);
    assert!(harness.run_queue(Duration::from_mins(1)).await.is_empty());
    let entry = harness.entry(webhook, id_of(&report)).await.unwrap();
    assert_eq!(entry.state.name(), "delivered");
    let codes: Vec<_> = entry.attempts.iter().map(|made| made.status_code).collect();
    assert_eq!(codes, [Some(503), Some(200)]);
    let logged = harness.log.delivery(&account(), entry.key).await.unwrap().unwrap();
    assert_eq!(logged.report.text("to").as_deref(), Some("918867130000"));
}

#[tokio::test]
async fn a_secret_that_a_receiver_repeats_is_not_logged() {
    let harness = Harness::new().await;
    let composed = json!({
        "secrets": {"token": "hush-hush"},
        "body": {"format": "json", "template": {"token": "%token%", "status": "{{status}}"}},
    });
    let webhook = harness.webhook_with("echo", composed).await;
    let report = json!({"id": 1, "webhook_id": webhook, "status": "ANSWER"});
    harness.handle(&[message_at(harness.clock.now(), std::slice::from_ref(&report))]).await;
    let entry = harness.entry(webhook, id_of(&report)).await.unwrap();
    let response = entry.attempts[0].response.clone();
    let shown = r#"{"token":"•••","status":"ANSWER"}"#.to_owned();
    assert_eq!(response, Some(callhook::domain::delivery::ResponseBody::Text(shown)));
}

#[tokio::test]
async fn an_escaped_secret_that_a_receiver_repeats_is_not_logged() {
    let harness = Harness::new().await;
    for (format, template) in [
        ("json", json!({"token": "%token%"})),
        ("form", json!({"token": "%token%"})),
        ("json", json!(r#"{"token": "SCHLÜSSEL\/\"1 2"}"#)),
        ("json", json!("U0NITMOcU1NFTC8iMSAy, user=c2NobMO8c3NlbC8iMSAy")),
    ] {
        let composed = json!({
            "secrets": {"token": "schlüssel/\"1 2"},
            "body": {"format": format, "template": template},
        });
        let webhook = harness.webhook_with("echo", composed).await;
        let report = json!({"id": webhook, "webhook_id": webhook, "status": "ANSWER"});
        harness.handle(&[message_at(harness.clock.now(), std::slice::from_ref(&report))]).await;
        let entry = harness.entry(webhook, id_of(&report)).await.unwrap();
        let logged = format!("{:?}", entry.attempts[0].response).to_lowercase();
        assert!(logged.contains("•••"), "{template}: {logged}");
        for trace in ["schl", "ssel", "c2nobmo8c3nlbc8"] {
            assert!(!logged.contains(trace), "{template}: {logged}");
        }
    }
}

#[tokio::test]
async fn a_request_that_would_begin_too_late_is_not_sent() {
    let harness = Harness::new().await;
    let webhook = harness.webhook("200").await;
    let job = harness.job(webhook, &json!({"id": 1, "webhook_id": webhook})).await;
    let over = AttemptDeadlines::until(SystemTime::now());
    let late = harness.deliver.attempts.make(&job, over, &harness.deliver.clock, || {}).await;
    assert!(matches!(late, AttemptOutcome::NoTime), "the permits are free, and the time is over");
    assert_eq!(harness.requests(), [""; 0]);
}
