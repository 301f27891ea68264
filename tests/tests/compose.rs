//! Composed requests as receivers get them.

use callhook::domain::delivery::DeliveryState;
use callhook::testing::NewWebhook;
use callhook_tests::cloud::{logged, new_account, platform, unique_id};
use callhook_tests::receiver::{Received, Receiver};
use callhook_tests::wait::{SOON, until};
use serde_json::{Map, Value, json};

/// The host in the vectors' URLs, which tests replace with a receiver.
const HOST: &str = "https://www.domain.com";

/// The settings of a case for a receiver.
fn settings(case: &Value, receiver: &Receiver) -> NewWebhook {
    let mut settings: Map<String, Value> = case.as_object().cloned().unwrap_or_default();
    settings.remove("expect");
    let url = case["url"].as_str().unwrap_or(HOST).replace(HOST, &receiver.url(""));
    NewWebhook::new(&url).with_all(&Value::Object(settings)).with("url", url)
}

fn check(case: &Value, got: &Received) {
    let (expect, name) = (&case["expect"], &case["name"]);
    assert_eq!(expect["method"], got.method, "{name}");
    assert_eq!(expect["url"], format!("{HOST}{}", got.path), "{name}");
    for (header, value) in expect["headers"].as_object().into_iter().flatten() {
        assert_eq!(*value, got.header(header), "{name}: {header}");
    }
    if let Some(json) = expect.get("json") {
        // Parsed and serialized again: white space may differ, the order of keys must not.
        let body: Value = serde_json::from_str(&got.body).unwrap_or_default();
        assert_eq!(body.to_string(), json.to_string(), "{name}");
    }
    if let Some(form) = expect.get("form") {
        let pairs: Vec<(String, String)> =
            url::form_urlencoded::parse(got.body.as_bytes()).into_owned().collect();
        assert_eq!(json!(pairs), *form, "{name}");
    }
    if expect["no_body"] == true {
        assert_eq!(got.body, "", "{name}");
        assert_eq!(got.header("content-type"), "", "{name}");
    }
}

#[tokio::test]
async fn every_vector_is_sent_as_composed() {
    let account = new_account().await;
    let vectors: Value = serde_json::from_str(include_str!("../vectors/compose.json")).unwrap();
    let cases = vectors["cases"].as_array().unwrap();
    assert_eq!(cases.len(), 5);
    for case in cases {
        let receiver = Receiver::start().await;
        let webhook = account.create_webhook(settings(case, &receiver)).await;
        let mut report = vectors["report"].clone();
        report["webhook_id"] = json!(webhook);
        let id = account.report(&report).await;
        let got = receiver.wait_for(1, SOON).await;
        assert_eq!(got[0].header("webhook-id"), id);
        check(case, &got[0]);
        println!("sent as composed: {}", case["name"]);
    }
}

#[tokio::test]
async fn every_invalid_vector_is_refused_when_saved() {
    let account = new_account().await;
    let receiver = Receiver::start().await;
    let vectors: Value = serde_json::from_str(include_str!("../vectors/compose.json")).unwrap();
    let cases = vectors["refused_when_saved"].as_array().unwrap();
    assert_eq!(cases.len(), 8);
    for case in cases {
        let reply = account.api.post("/v1/webhooks", &settings(case, &receiver).json()).await;
        let problem = reply.expect(422);
        let error = &problem["errors"][0];
        let part = ["method", "headers", "body"].into_iter().find(|part| case.get(*part).is_some());
        let field = error["field"].as_str().unwrap_or_default();
        assert!(part.is_some_and(|part| field.starts_with(part)), "{problem}");
        println!("refused: {}: {} {}", case["name"], error["field"], error["message"]);
    }
}

#[tokio::test]
async fn a_multipart_body_arrives_in_parts() {
    let account = new_account().await;
    let receiver = Receiver::start().await;
    let template = json!({"who": "{{variables.Name}}", "n": 7});
    let webhook = NewWebhook::new(&receiver.url("/m"))
        .with("body", json!({"format": "multipart", "template": template}));
    let webhook = account.create_webhook(webhook).await;
    let evil = "x\r\n--boundary\r\nContent-Disposition: form-data; name=\"admin\"\r\n\r\n1";
    let report = json!({"id": unique_id(), "webhook_id": webhook, "variables": {"Name": evil}});
    account.report(&report).await;
    let got = receiver.wait_for(1, SOON).await.remove(0);
    let (kind, boundary) = got.header("content-type").split_once("; boundary=").unwrap();
    assert_eq!(kind, "multipart/form-data");
    let parts: Vec<_> = got.body.split(&format!("--{}", boundary.trim_matches('"'))).collect();
    assert_eq!(parts.len(), 4, "a preamble, two parts, and the end: {}", got.body);
    assert!(parts[1].contains(evil), "{}", parts[1]);
}

#[tokio::test]
async fn times_use_the_accounts_time_zone() {
    let account = new_account().await;
    let path = format!("/v1/accounts/{}", account.id);
    platform().patch(&path, &json!({"time_zone": "Asia/Kolkata"})).await.expect(200);
    let receiver = Receiver::start().await;
    let url = receiver.url("/?at={{end_at_iso8601}}&s={{end_at_unix}}");
    let webhook = account.create_webhook(NewWebhook::new(&url).with("method", "GET")).await;
    let report = json!({"id": unique_id(), "webhook_id": webhook, "end_at": "2021-04-09 16:27:55"});
    account.report(&report).await;
    let got = receiver.wait_for(1, SOON).await.remove(0);
    assert_eq!(got.path, "/?at=2021-04-09T16%3A27%3A55%2B05%3A30&s=1617965875");
}

#[tokio::test]
async fn a_delivery_that_cannot_be_rendered_fails_without_a_request() {
    let account = new_account().await;
    let receiver = Receiver::start().await;
    let webhook =
        NewWebhook::new(&receiver.url("/")).with("headers", json!({"X-Note": "{{note}}"}));
    let webhook = account.create_webhook(webhook).await;
    let report = json!({"id": unique_id(), "webhook_id": webhook, "note": "two\nlines"});
    let id = account.report(&report).await;
    let log = logged(&webhook, &id, SOON, |entry| entry.state.has_ended()).await;
    assert_eq!(log.scheduled_attempts, 0);
    assert!(receiver.received().is_empty());
    let DeliveryState::Failed { reason } = log.state else { panic!("{log:?}") };
    assert!(reason.starts_with("`headers.X-Note` cannot be rendered"), "{reason}");
}

#[tokio::test]
async fn a_trial_request_is_sent_and_a_preview_is_not() {
    let account = new_account().await;
    let receiver = Receiver::start().await;
    let url = receiver.url("/hook?k=%key%");
    let webhook = NewWebhook::new(&url).with("secrets", json!({"key": "hush"}));
    let webhook = account.create_webhook(webhook).await;
    let request = json!({"webhook_id": webhook, "sample": "C2C"});
    let preview = account.api.post("/v1/webhooks/preview", &request).await.expect(200);
    assert_eq!(preview["url"], receiver.url("/hook?k=•••"));
    assert!(receiver.received().is_empty());

    let path = format!("/v1/webhooks/{webhook}/test");
    let attempt = account.api.post(&path, &json!({"sample": "C2C"})).await.expect(200);
    assert_eq!((&attempt["taken"], &attempt["status_code"]), (&json!(true), &json!(200)));
    let got = until(SOON, "trial request", async || receiver.received().pop()).await;
    assert_eq!(got.path, "/hook?k=hush");
    assert!(got.body.contains(r#""source":"C2C""#), "{got:?}");
    assert!(got.header("webhook-id").starts_with("test_"), "{got:?}");
    assert_eq!(attempt["id"], got.header("webhook-id"));
    assert_eq!(got.header("webhook-test"), "true");

    let gone = account.webhook("http://127.0.0.1:8/").await;
    let path = format!("/v1/webhooks/{gone}/test");
    let attempt = account.api.post(&path, &json!({})).await.expect(200);
    assert_eq!(attempt["error"]["type"], "refused", "{attempt}");
}
