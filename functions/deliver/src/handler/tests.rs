mod breaker;
mod erasure;
mod evidence;
mod fan_out;
mod journal;
mod log;
mod manual;
mod metrics;
mod operational;
mod outages;
mod refused;
mod schedule;
mod signing;
mod slow_accounts;
mod stale;
mod submitted;
mod throttle;
mod unreadable;

use std::collections::HashSet;
use std::time::Duration;

use callhook::domain::ids::WebhookId;
use callhook::domain::message::DeliveryMessage;
use callhook::ports::queue::Outgoing;
use callhook::testing::unreachable_config_table;
use jiff::Timestamp;
use serde_json::json;

use super::*;
use crate::testing::{Harness, id_of, message};

#[tokio::test]
async fn named_and_subscribed_webhooks_get_a_report_once_each() {
    let harness = Harness::new().await;
    let (named, both) = (harness.webhook("200").await, harness.webhook("202").await);
    let subscribed =
        [harness.webhook("201").await, harness.webhook("203").await, harness.webhook("204").await];
    let elsewhere = harness.webhook("404").await;
    harness.subscribe(both, "all").await;
    harness.subscribe(both, "source:OBD").await;
    for (webhook, identity) in
        subscribed.into_iter().zip(["number:918068280000", "flow:123", "source:OBD"])
    {
        harness.subscribe(webhook, identity).await;
    }
    harness.subscribe(elsewhere, "flow:124").await;
    let report = json!({
        "bridge": 918_068_280_000_u64, "source": "OBD", "flow_id": "123",
        "webhook_id": named, "webhook_ids": [both, named],
    });
    assert_eq!(harness.handle(&[message(std::slice::from_ref(&report))]).await, [0; 0]);
    assert_eq!(harness.requests(), ["200", "201", "202", "203", "204"]);
    for (_, id, body) in harness.receivers.requests.lock().unwrap().iter() {
        assert_eq!(*id, id_of(&report).to_string());
        assert!(body.starts_with(r#"{"bridge":918068280000,"source":"OBD","flow_id":123,"#));
    }
}

#[tokio::test]
async fn the_http_client_wakes_in_every_invocation() {
    let harness = Harness::new().await;
    for _ in 0..2 {
        harness.handle(&[]).await;
    }
    assert_eq!(harness.receivers.invocations.load(std::sync::atomic::Ordering::Relaxed), 2);
}

#[tokio::test]
async fn the_sample_events_are_handled() {
    let harness = Harness::new().await;
    for event in [
        include_str!("../../../../infra/events/deliver-reports.json"),
        include_str!("../../../../infra/events/deliver-retry.json"),
    ] {
        let event = serde_json::from_str(event).unwrap();
        let deadline = SystemTime::now() + Duration::from_mins(1);
        let answer = Arc::clone(&harness.deliver).handle(event, deadline).await.unwrap();
        assert!(answer.batch_item_failures.is_empty(), "their webhook is skipped");
    }
}

#[tokio::test]
async fn only_200_and_202_count_as_delivered() {
    let harness = Harness::new().await;
    let codes = ["200", "202", "201", "204", "301", "404", "500", "reset"];
    let mut webhooks = Vec::new();
    for code in codes {
        webhooks.push(harness.webhook(code).await);
    }
    let report = json!({"webhook_ids": webhooks});
    assert_eq!(harness.handle(&[message(std::slice::from_ref(&report))]).await, [0; 0]);
    let retried: HashSet<_> = harness.retries().iter().map(|(_, retry)| retry.webhook_id).collect();
    for (code, webhook) in codes.iter().zip(&webhooks) {
        let is_success = ["200", "202"].contains(code);
        assert_eq!(retried.contains(webhook), !is_success, "{code}");
        let logged = harness.logged(*webhook, id_of(&report)).await;
        assert_eq!(logged, Some((1, is_success)), "{code}");
    }
    for (delay, retry) in harness.retries() {
        assert_eq!(retry.attempt, 2);
        assert!((4.0..=6.0).contains(&delay.as_secs_f64()), "5 s ± 20 %: {delay:?}");
    }
}

#[tokio::test]
async fn success_codes_widen_the_codes_that_count_as_delivered() {
    let harness = Harness::new().await;
    let webhook = harness.webhook_with("204", json!({"success_codes": [204]})).await;
    harness.handle(&[message(&[json!({"webhook_id": webhook})])]).await;
    assert!(harness.retries().is_empty());
}

#[tokio::test]
async fn a_redirect_is_a_success_where_the_webhook_says_so() {
    let harness = Harness::new().await;
    let webhook = harness.webhook_with("302", json!({"success_codes": [200, 302]})).await;
    let report = json!({"id": 1, "webhook_id": webhook});
    assert_eq!(harness.handle(&[message(std::slice::from_ref(&report))]).await, [0; 0]);
    assert!(harness.retries().is_empty());
    let entry = harness.entry(webhook, id_of(&report)).await.unwrap();
    assert_eq!((entry.state.name(), entry.attempts[0].status_code), ("delivered", Some(302)));
}

#[tokio::test]
async fn a_failed_delivery_names_the_last_answer_and_what_it_means() {
    for (answer, reason) in [
        ("201", "the receiver answered 201, which is not among success_codes (200, 202)"),
        ("302", "the receiver answered 302: redirects are not followed"),
        ("410", "the receiver answered 410: the URL is gone for good"),
        ("reset", "the receiver reset the connection before it answered"),
    ] {
        let harness = Harness::new().await;
        let webhook = harness.webhook_with(answer, json!({"retry": {"schedule": []}})).await;
        let report = json!({"id": 1, "webhook_id": webhook});
        harness.handle(&[message(std::slice::from_ref(&report))]).await;
        let entry = harness.entry(webhook, id_of(&report)).await.unwrap();
        let state = serde_json::to_value(&entry.state).unwrap();
        assert!(state["reason"].as_str().unwrap().starts_with(reason), "{state}");
    }
}

#[tokio::test]
async fn a_composed_request_is_rendered_in_the_accounts_time_zone() {
    let harness = Harness::new().await;
    harness.account(json!({"time_zone": "Asia/Kolkata"})).await;
    let composed = json!({
        "url": "http://receiver.example/200?t={{start_at_unix}}&k=%key%", "secrets": {"key": "a/b"},
        "body": {"format": "json", "template": {"at": "{{start_at_iso8601}}", "n": 1}},
    });
    let webhook = harness.webhook_with("200", composed).await;
    let report = json!({"webhook_id": webhook, "start_at": "2021-04-09 16:27:39"});
    harness.handle(&[message(&[report])]).await;
    let requests = harness.receivers.requests.lock().unwrap();
    assert_eq!(requests[0].0, "200?t=1617965859&k=a%2Fb");
    assert_eq!(requests[0].2, r#"{"at":"2021-04-09T16:27:39+05:30","n":1}"#);
}

#[tokio::test]
async fn a_report_that_cannot_be_rendered_fails_without_a_retry() {
    let harness = Harness::new().await;
    let composed = json!({"headers": {"X-Note": "{{note}}"}});
    let webhook = harness.webhook_with("200", composed).await;
    let bad = json!({"webhook_id": webhook, "note": "two\nlines"});
    let good = json!({"webhook_id": webhook, "note": "one line"});
    assert_eq!(harness.handle(&[message(&[bad.clone(), good])]).await, [0; 0]);
    assert_eq!(harness.requests(), ["200"]);
    assert!(harness.retries().is_empty(), "no retry would help");
    let logged = harness.logged(webhook, id_of(&bad)).await;
    assert_eq!(logged, Some((0, true)));
}

#[tokio::test]
async fn retries_follow_the_schedule_to_its_end() {
    let harness = Harness::new().await;
    let webhook = harness.webhook_with("500", json!({"retry": {"schedule": [1, 1]}})).await;
    let report = json!({"webhook_id": webhook});
    harness.handle(&[message(std::slice::from_ref(&report))]).await;
    for attempt in [2, 3] {
        let (_, mut retry) = harness.retries().pop().unwrap();
        assert_eq!(retry.attempt, attempt);
        retry.due_at = Timestamp::now();
        assert_eq!(harness.handle(&[retry.to_json().unwrap()]).await, [0; 0]);
    }
    assert_eq!(harness.requests(), ["500"; 3]);
    assert_eq!(harness.retries().len(), 2, "no attempt is left");
    let logged = harness.logged(webhook, id_of(&report)).await;
    assert_eq!(logged, Some((3, true)));
}

#[tokio::test]
async fn a_retry_that_is_not_due_is_requeued_with_the_remaining_delay() {
    let harness = Harness::new().await;
    let webhook = harness.webhook_with("500", json!({"retry": {"schedule": [3600]}})).await;
    harness.handle(&[message(&[json!({"webhook_id": webhook})])]).await;
    let (delay, retry) = harness.retries().pop().unwrap();
    assert_eq!(delay, Outgoing::MAX_DELAY);
    harness.handle(&[retry.to_json().unwrap()]).await;
    let (_, requeued) = harness.retries().pop().unwrap();
    assert_eq!((retry.times_queued, requeued.times_queued), (1, 2));
    assert_eq!(DeliveryMessage { times_queued: 1, ..requeued }, retry);
    assert_eq!(harness.requests(), ["500"], "requeueing is no attempt");
}

#[tokio::test]
async fn a_redelivered_message_causes_no_repeated_request() {
    let harness = Harness::new().await;
    let (good, bad) = (harness.webhook("200").await, harness.webhook("500").await);
    let report = json!({"webhook_ids": [good, bad]});
    let first = message(&[report.clone(), report.clone()]);
    assert_eq!(harness.handle(&[first.clone(), first.clone()]).await, [0; 0]);
    assert_eq!(harness.requests(), ["200", "500"], "twice in a message, twice in a batch");
    harness.handle(&[first]).await;
    assert_eq!(harness.requests(), ["200", "500"], "and again later");

    let (_, mut retry) = harness.retries().pop().unwrap();
    retry.due_at = Timestamp::now();
    let retry = retry.to_json().unwrap();
    harness.handle(std::slice::from_ref(&retry)).await;
    harness.handle(&[retry]).await;
    assert_eq!(harness.requests(), ["200", "500", "500"], "a retry is made once");
}

#[tokio::test]
async fn inactive_and_deleted_webhooks_are_skipped() {
    let harness = Harness::new().await;
    let inactive = harness.webhook_with("200", json!({"status": "inactive"})).await;
    let deleted = WebhookId::generate();
    let report = json!({"webhook_ids": [inactive, deleted]});
    assert_eq!(harness.handle(&[message(std::slice::from_ref(&report))]).await, [0; 0]);
    assert!(harness.requests().is_empty());
    for webhook in [inactive, deleted] {
        let logged = harness.logged(webhook, id_of(&report)).await;
        assert_eq!(logged, Some((0, true)));
    }
}

#[tokio::test]
async fn a_delivery_older_than_any_schedule_is_not_requeued() {
    let harness = Harness::new().await;
    let webhook = harness.webhook("500").await;
    harness.handle(&[message(&[json!({"webhook_id": webhook})])]).await;
    let (_, mut retry) = harness.retries().pop().unwrap();
    retry.due_at = Timestamp::now();
    let mut attempted_too_often = retry.clone();
    attempted_too_often.attempt = 14;
    let mut requeued_too_often = retry.clone();
    requeued_too_often.times_queued = 100_001;
    let mut too_old = retry;
    too_old.received_at = Timestamp::now() - jiff::SignedDuration::from_hours(24 * 103);
    for expired in [attempted_too_often, requeued_too_often, too_old] {
        assert_eq!(harness.handle(&[expired.to_json().unwrap()]).await, [0; 0]);
    }
    assert_eq!(harness.requests(), ["500"]);
    assert_eq!(harness.retries().len(), 1);
}

#[tokio::test]
async fn a_bad_record_fails_no_other() {
    let harness = Harness::new().await;
    let (good, panics) = (harness.webhook("200").await, harness.webhook("panic").await);
    let fine = |n: u32| json!({"id": n, "webhook_id": good});
    let batch = [
        message(&[fine(1)]),
        "not json".to_owned(),
        message(&[json!({"webhook_id": panics}), fine(2)]),
        r#"{"v":2,"kind":"reports"}"#.to_owned(),
        message(&[fine(3)]),
    ];
    assert_eq!(harness.handle(&batch).await, [1, 2, 3]);
    assert_eq!(harness.requests(), ["200", "200", "200", "panic"]);
    // SQS redelivers the record with the panic: its delivered report is not sent again.
    assert_eq!(harness.handle(&batch[2..3]).await, [0]);
    assert_eq!(harness.requests(), ["200", "200", "200", "panic", "panic"]);
}

/// Waits until `condition` gives a value, for 20 s at most.
async fn until<T>(mut condition: impl AsyncFnMut() -> Option<T>) -> T {
    let wait = async {
        loop {
            if let Some(value) = condition().await {
                return value;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), wait).await.expect("within 20 s")
}

#[tokio::test]
async fn a_slow_receiver_does_not_delay_others() {
    let harness = Harness::new().await;
    let slow = harness.webhook("hang").await;
    let fast = harness.webhook("200").await;
    let hangs: Vec<_> = (0..40).map(|n| json!({"id": n, "webhook_id": slow})).collect();
    let report = json!({"id": "fast", "webhook_id": fast});
    let batch =
        [message(&hangs[..25]), message(&hangs[25..]), message(std::slice::from_ref(&report))];
    let fast_is_logged = async {
        // The fast delivery is logged while the slow ones still hang.
        until(async || harness.logged(fast, id_of(&report)).await).await;
        let retries_by_then = harness.retries().len();
        harness.receivers.release.add_permits(40);
        retries_by_then
    };
    let (failed, retries_by_then) = tokio::join!(harness.handle(&batch), fast_is_logged);
    assert_eq!(failed, [0; 0]);
    assert_eq!(retries_by_then, 0, "no slow delivery has ended");
    assert_eq!(harness.retries().len(), 40);
}

#[tokio::test]
async fn an_attempt_without_time_is_made_in_a_later_invocation() {
    let harness = Harness::new().await;
    let slow = harness.webhook("hang").await;
    let reports: Vec<_> = (0..60).map(|n| json!({"id": n, "webhook_id": slow})).collect();
    // A quarter of the time, 2 s, is for starting attempts.
    let deadline = SystemTime::now() + Duration::from_secs(8);
    let batch = [message(&reports)];
    let some_are_deferred = async {
        until(async || (harness.retries().len() == 10).then_some(())).await;
        harness.receivers.release.add_permits(60);
    };
    let (failed, ()) = tokio::join!(harness.handle_until(&batch, deadline), some_are_deferred);
    assert_eq!(failed, [0; 0]);
    assert_eq!(harness.requests().len(), 50, "the permits of one webhook");
    let by_attempt =
        |attempt| harness.retries().iter().filter(|(_, r)| r.attempt == attempt).count();
    assert_eq!((by_attempt(1), by_attempt(2)), (10, 50), "waiting uses no attempt");
}

#[tokio::test]
async fn of_several_attempts_in_a_batch_the_last_is_made() {
    let harness = Harness::new().await;
    let webhook = harness.webhook("500").await;
    harness.handle(&[message(&[json!({"webhook_id": webhook})])]).await;
    let (_, mut second) = harness.retries().pop().unwrap();
    second.due_at = Timestamp::now();
    harness.handle(&[second.to_json().unwrap()]).await;
    let (_, mut third) = harness.retries().pop().unwrap();
    third.due_at = Timestamp::now();
    assert_eq!((second.attempt, third.attempt), (2, 3));
    // SQS redelivers the second, in a batch with the third.
    harness.handle(&[second.to_json().unwrap(), third.to_json().unwrap()]).await;
    assert_eq!(harness.requests(), ["500"; 3]);
    assert_eq!(harness.retries().last().unwrap().1.attempt, 4);
}

#[tokio::test]
async fn without_configuration_every_record_fails() {
    let unreachable = || ConfigCache::new(unreachable_config_table(), Duration::ZERO);
    let harness = Harness::with(|deliver| deliver.config = unreachable()).await;
    let batch = [message(&[json!({"webhook_id": WebhookId::generate()})]), message(&[json!({})])];
    assert_eq!(harness.handle(&batch).await, [0, 1]);
    assert!(harness.requests().is_empty());
}

#[tokio::test]
async fn a_message_without_an_id_fails_the_batch() {
    let harness = Harness::new().await;
    let event = serde_json::from_value(json!({"Records": [{"body": "not json"}]})).unwrap();
    let deadline = SystemTime::now() + Duration::from_mins(1);
    assert!(Arc::clone(&harness.deliver).handle(event, deadline).await.is_err());
}
