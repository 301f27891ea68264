//! Verification of a receiver before its webhook is stored.

use callhook::domain::account::Account;
use callhook::ports::store::AccountAdmin;
use callhook::testing::TestTables;
use http::StatusCode;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::trials::{listening, listening_on};
use super::{api, webhook};

fn settings(path: &str) -> Value {
    json!({
        "name": "CRM", "url": format!("https://crm.example{path}"),
        "verification": {"token": "t&k=1 ü"},
    })
}

#[tokio::test]
async fn a_receiver_that_answers_the_challenge_is_verified() {
    let (api, client) = listening().await;
    let mut settings = settings("/verify?a={{status}}&b=%key%&c={{id}}");
    settings["secrets"] = json!({"key": "hush"});
    settings["headers"] = json!({"X-Key": "%key%", "Content-Type": "application/vnd.crm+json"});
    settings["bearer_secret"] = json!("s3cret");
    settings["method"] = json!("PUT");
    settings["timeout_seconds"] = json!(30);
    let made = api.post("/v1/webhooks", settings).await;
    assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
    assert_eq!(made.json().get("verification"), None, "a token is not kept");
    let sent = client.0.lock().unwrap();
    let [(request, timeout)] = &**sent else { panic!("one request") };
    assert_eq!(request.method, "POST");
    let timeout = timeout.as_millis().div_ceil(1_000);
    assert_eq!(timeout, 5, "seconds, whatever the webhook's timeout is");
    let id = request.headers["webhook-id"].to_str().unwrap();
    let url = format!("https://crm.example/verify?a=ANSWER&b=hush&c={id}&token=t%26k%3D1+%C3%BC");
    assert_eq!(request.url.as_str(), url);
    let header = |name: &str| request.headers[name].to_str().unwrap();
    assert_eq!(header("content-type"), "application/json");
    assert_eq!((header("x-key"), header("authorization")), ("hush", "Bearer s3cret"));
    assert!(header("webhook-signature").starts_with("v1,"));
    let body: Value = serde_json::from_slice(request.body.as_ref().unwrap()).unwrap();
    let names: Vec<_> = body.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(names, ["validation_key", "challenge"]);
    assert_eq!(body["validation_key"], header("webhook-id"));
    assert!(header("webhook-id").starts_with("test_"));
    assert_eq!(header("webhook-test"), "true");
    assert_eq!(body["challenge"].as_str().unwrap().len(), 32);
}

#[tokio::test]
async fn a_receiver_that_does_not_answer_the_challenge_is_refused() {
    let api = api().await;
    let problems = [
        api.post("/v1/webhooks", settings("/status/404")).await,
        api.post("/v1/webhooks", settings("/status/202")).await,
        api.post("/v1/webhooks", settings("/hang")).await,
        api.post("/v1/webhooks", settings("/echo")).await,
    ];
    for problem in &problems {
        assert_eq!(problem.status, StatusCode::UNPROCESSABLE_ENTITY, "{problem:?}");
    }
    let problems: Vec<_> = problems.iter().map(|reply| reply.body.as_str()).collect();
    insta::assert_snapshot!(problems.join("\n"));
    assert_eq!(api.get("/v1/webhooks").await.json()["data"], json!([]), "nothing was stored");
}

#[tokio::test]
async fn no_challenge_is_sent_without_a_token() {
    let api = api().await;
    let mut settings = settings("/status/404");
    settings["verification"] = json!(null);
    assert_eq!(api.post("/v1/webhooks", settings).await.status, StatusCode::CREATED);
}

#[tokio::test]
async fn the_quota_is_checked_before_the_challenge_is_sent() {
    let table = TestTables::start().await.unwrap().config();
    let request = json!({"id": "acme", "name": "Acme", "quotas": {"webhooks": 1}});
    let acme = Account::from_request(request.as_object().unwrap(), Timestamp::UNIX_EPOCH);
    table.create_account(&acme.unwrap()).await.unwrap();
    let (api, client) = listening_on(table);
    webhook(&api, "the only one").await;
    let refused = api.post("/v1/webhooks", settings("/verify")).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS, "{refused:?}");
    assert_eq!(refused.json()["type"], "urn:callhook:problem:quota-exceeded");
    assert!(client.0.lock().unwrap().is_empty(), "no request goes out");
}
