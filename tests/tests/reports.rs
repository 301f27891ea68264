//! Reports from the API to the receiver.

use std::time::Duration;

use callhook_tests::cloud::{logged, new_account, unique_id};
use callhook_tests::receiver::Receiver;
use callhook_tests::wait::SOON;
use serde_json::{Value, json};

#[tokio::test]
async fn every_vector_arrives_byte_for_byte() {
    let account = new_account().await;
    let receiver = Receiver::start().await;
    let webhook = account.webhook(&receiver.url("/hook?a=b")).await;
    let vectors: Value = serde_json::from_str(include_str!("../vectors/reports.json")).unwrap();
    let cases = vectors["cases"].as_array().unwrap();
    assert_eq!(cases.len(), 5);
    for case in cases {
        let mut report = case["report"].clone();
        report["webhook_id"] = json!(webhook);
        let id = account.report(&report).await;
        let expected = case["payload"].to_string().replace("<webhook id>", &webhook);
        let arrived = callhook_tests::wait::until(SOON, &format!("report {id}"), async || {
            receiver.received().into_iter().find(|request| request.header("webhook-id") == id)
        })
        .await;
        assert_eq!(arrived.body, expected, "{}", case["name"]);
        assert_eq!((arrived.method.as_str(), arrived.path.as_str()), ("POST", "/hook?a=b"));
        assert_eq!(arrived.header("content-type"), "application/json");
        assert!(arrived.header("user-agent").starts_with("Callhook/"), "{arrived:?}");
        println!("arrived byte for byte: {}", case["name"]);
    }
    assert_eq!(receiver.received().len(), 5);
}

#[tokio::test]
async fn one_two_and_thirty_webhooks_each_get_the_report_once() {
    let account = new_account().await;
    for count in [1, 2, 30] {
        let receiver = Receiver::start().await;
        let mut webhooks = Vec::new();
        for i in 0..count {
            webhooks.push(account.webhook(&receiver.url(&format!("/{i}"))).await);
        }
        let id = account.report(&json!({"id": unique_id(), "webhook_ids": webhooks})).await;
        let received = receiver.wait_for(count, SOON).await;
        for (i, webhook) in webhooks.iter().enumerate() {
            let path = format!("/{i}");
            let at: Vec<_> = received.iter().filter(|request| request.path == path).collect();
            assert_eq!(at.len(), 1, "webhook {i} of {count}");
            assert_eq!(at[0].body, format!(r#"{{"webhook_id":"{webhook}"}}"#));
            let log = logged(webhook, &id, SOON, |entry| entry.state.has_ended()).await;
            assert_eq!(log.scheduled_attempts, 1);
        }
        assert_eq!(receiver.received().len(), count);
    }
}

#[tokio::test]
async fn subscribed_webhooks_get_reports_that_name_no_webhook() {
    let account = new_account().await;
    let receiver = Receiver::start().await;
    for (path, identity) in [
        ("/all", "all"),
        ("/number", "number:918068280000"),
        ("/flow", "flow:7"),
        ("/source", "source:C2C"),
        ("/other", "number:1"),
    ] {
        let webhook = account.webhook(&receiver.url(path)).await;
        let request = json!({"identity": identity, "webhook_id": webhook});
        account.api.post("/v1/subscriptions", &request).await.expect(201);
    }
    let report = json!({
        "id": unique_id(), "bridge": "918068280000", "flow_id": 7, "source": "C2C",
    });
    account.report(&report).await;
    let received = receiver.wait_for(4, SOON).await;
    let mut paths: Vec<_> = received.iter().map(|request| request.path.as_str()).collect();
    paths.sort_unstable();
    assert_eq!(paths, ["/all", "/flow", "/number", "/source"]);

    // No webhook subscribes to this event.
    let other =
        json!({"id": unique_id(), "event": "voice:message:in", "bridge": 918_068_280_000_u64});
    let other_receiver = Receiver::start().await;
    let marker = account.webhook(&other_receiver.url("/marker")).await;
    let mut named = other.clone();
    named["webhook_id"] = json!(marker);
    account.report(&named).await;
    other_receiver.wait_for(1, SOON).await;
    assert_eq!(receiver.received().len(), 4, "{:?}", receiver.received());
}

#[tokio::test]
async fn the_same_report_twice_is_delivered_once() {
    let account = new_account().await;
    let receiver = Receiver::start().await;
    let webhook = account.webhook(&receiver.url("/")).await;
    let report = json!({
        "status": "ANSWER", "start_at": "2021-04-09 16:27:39", "webhook_id": webhook,
    });
    let first = account.report(&report).await;
    receiver.wait_for(1, SOON).await;
    logged(&webhook, &first, SOON, |entry| entry.state.has_ended()).await;
    // In one message with another report: once that is logged, the repetition was processed as well.
    let other = json!({"id": unique_id(), "webhook_id": webhook});
    let answer = account.api.post("/v1/reports", &json!([report, other])).await.expect(202);
    let ids: Vec<_> = (0..2).map(|i| answer["reports"][i]["id"].as_str().unwrap()).collect();
    assert_eq!(first, ids[0], "the same report has the same id");
    logged(&webhook, ids[1], SOON, |entry| entry.state.has_ended()).await;
    let received = receiver.received();
    let arrived: Vec<_> = received.iter().map(|request| request.header("webhook-id")).collect();
    assert_eq!(arrived, [first.as_str(), ids[1]]);
}

#[tokio::test]
async fn three_hundred_reports_reach_thirty_webhooks_once_each() {
    let account = new_account().await;
    let receiver = Receiver::start().await;
    let mut webhooks = Vec::new();
    for i in 0..30 {
        let path = format!("/{i}");
        let webhook = account.webhook(&receiver.url(&path)).await;
        let request = json!({"webhook_id": webhook});
        account.api.post("/v1/subscriptions", &request).await.expect(201);
        webhooks.push(path);
    }
    let start = std::time::Instant::now();
    let report = || json!({"id": unique_id(), "source": "OBD", "status": "ANSWER"});
    let mut ids = Vec::new();
    for _ in 0..60 {
        ids.push(account.report(&report()).await);
    }
    for size in [1, 25, 26, 88, 100] {
        let batch: Vec<_> = (0..size).map(|_| report()).collect();
        let answer = account.api.post("/v1/reports", &Value::from(batch)).await.expect(202);
        assert_eq!(answer["accepted"], size, "{answer}");
        let items = answer["reports"].as_array().unwrap();
        ids.extend(items.iter().map(|item| item["id"].as_str().unwrap().to_owned()));
    }
    assert_eq!(ids.len(), 300);
    let received = receiver.wait_for(9_000, Duration::from_mins(4)).await;
    println!("\ndeliveries: {} in {:.1} s", received.len(), start.elapsed().as_secs_f64());

    let mut expected: Vec<_> = webhooks
        .iter()
        .flat_map(|path| ids.iter().map(move |id| (path.clone(), id.clone())))
        .collect();
    expected.sort_unstable();
    let mut got: Vec<_> = receiver
        .received()
        .iter()
        .map(|request| (request.path.clone(), request.header("webhook-id").to_owned()))
        .collect();
    got.sort_unstable();
    let duplicates = got.windows(2).filter(|pair| pair[0] == pair[1]).count();
    assert_eq!(duplicates, 0, "duplicates");
    assert!(got == expected, "expected {} requests, got {}", expected.len(), got.len());
}
