//! The evidence of requests in the log.

use callhook::domain::delivery::{Evidence, LoggedAttempt, ResponseHeaders};

use serde_json::Value;

use super::*;
use crate::bounded_log::BoundedLog;
use crate::testing::Log;

/// The logged attempt of a report to a webhook with these settings.
async fn logged(path: &str, settings: Value) -> LoggedAttempt {
    let harness = Harness::new().await;
    let webhook = harness.webhook_with(path, settings).await;
    let report = json!({"id": 1, "to": 918_867_130_000_u64, "webhook_id": webhook});
    assert_eq!(harness.handle(&[message(std::slice::from_ref(&report))]).await, [0; 0]);
    let mut entry = harness.entry(webhook, id_of(&report)).await.unwrap();
    assert_eq!(entry.attempts.len(), 1, "{entry:?}");
    entry.attempts.remove(0)
}

fn headers(evidence: &Evidence) -> Value {
    json!(evidence.headers.as_ref().map(ResponseHeaders::kept))
}

#[tokio::test]
async fn an_attempt_is_logged_with_its_request_and_failures_with_headers() {
    let url = "http://receiver.example/200?key=%k%&to={{to}}";
    let composed = json!({"url": url, "method": "GET", "secrets": {"k": "s3cret-k3y"}});
    let echoed = json!({"secrets": {"k": "s3cret-k3y"}, "success_codes": [202]});
    for (path, settings, request, headed) in [
        ("200", json!({}), "POST http://receiver.example/200", Value::Null),
        ("200", composed, "GET http://receiver.example/200?key=•••&to=918867130000", Value::Null),
        ("503", json!({}), "POST http://receiver.example/503", json!({"server": "nginx"})),
        ("echo", json!({}), "POST http://receiver.example/echo", Value::Null),
        ("echo", echoed, "POST http://receiver.example/echo", json!({"server": "••• and more"})),
    ] {
        let evidence = logged(path, settings).await.evidence.unwrap();
        let sent = evidence.request.as_ref().unwrap();
        assert_eq!(format!("{} {}", sent.method.as_str(), sent.url), request);
        assert_eq!(headers(&evidence), headed, "{request}");
        assert_eq!(evidence.address, Some(([203, 0, 113, 7], 443).into()));
        assert_eq!((evidence.sent_at.as_second(), evidence.received), (1_617_985_676, 5));
    }
}

#[tokio::test]
async fn a_delivery_that_is_logged_later_keeps_its_evidence() {
    let harness = Harness::with(|deliver| deliver.writer.log = BoundedLog::new(Log::Down)).await;
    let webhook = harness.webhook("200").await;
    let report = json!({"id": 1, "webhook_id": webhook});
    harness.handle(&[message(std::slice::from_ref(&report))]).await;
    let back = Harness::new().await;
    back.handle(&harness.unlogged()).await;
    let entry = back.entry(webhook, id_of(&report)).await.unwrap();
    let evidence = entry.attempts[0].evidence.as_ref().unwrap();
    assert_eq!(&*evidence.request.as_ref().unwrap().url, "http://receiver.example/200");
}
