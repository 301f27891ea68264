//! Asking a receiver before its webhook is stored.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use callhook::account::AccountId;
use callhook::address::AddressPolicy;
use callhook::delivery::Attempt;
use callhook::outbound::{Congested, Outbound};
use callhook::request::WebhookRequest;
use callhook::testing::TestTables;
use callhook::testing::api::{Api, account};
use http::StatusCode;
use serde_json::{Value, json};

use super::{Echo, api};
use crate::app::router;

/// The echo, and what it was sent.
#[derive(Default)]
struct Listening(Mutex<Vec<WebhookRequest>>);

impl Outbound for Listening {
    async fn send(
        &self,
        account: &AccountId,
        request: WebhookRequest,
        timeout: Duration,
    ) -> Result<Attempt, Congested> {
        self.0.lock().unwrap().push(request.clone());
        Echo.send(account, request, timeout).await
    }
}

fn settings(path: &str) -> Value {
    json!({
        "name": "CRM", "url": format!("https://crm.example{path}"),
        "verification": {"token": "t&k=1 ü"},
    })
}

#[tokio::test]
async fn a_receiver_that_answers_with_the_challenge_gets_its_webhook() {
    let client = Arc::new(Listening::default());
    let table = TestTables::start().await.unwrap().config();
    let api = Api::new(
        router(Arc::new(table), Arc::clone(&client), AddressPolicy::PUBLIC),
        account("acme"),
    );
    let mut settings = settings("/verify?a={{status}}&b=%key%");
    settings["secrets"] = json!({"key": "hush"});
    settings["headers"] = json!({"X-Key": "%key%", "Content-Type": "application/vnd.crm+json"});
    settings["bearer_secret"] = json!("s3cret");
    settings["method"] = json!("PUT");
    let made = api.post("/v1/webhooks", settings).await;
    assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
    assert_eq!(made.json().get("verification"), None, "a token is not kept");
    let sent = client.0.lock().unwrap();
    let [request] = &**sent else { panic!("one request") };
    assert_eq!(request.method, "POST");
    let url = "https://crm.example/verify?a=ANSWER&b=hush&token=t%26k%3D1+%C3%BC";
    assert_eq!(request.url.as_str(), url);
    let header = |name: &str| request.headers[name].to_str().unwrap();
    assert_eq!(header("content-type"), "application/json");
    assert_eq!((header("x-key"), header("authorization")), ("hush", "Bearer s3cret"));
    assert!(header("webhook-signature").starts_with("v1,"));
    let body: Value = serde_json::from_slice(request.body.as_ref().unwrap()).unwrap();
    let names: Vec<_> = body.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(names, ["validation_key", "challenge"]);
    assert_eq!(body["validation_key"], header("webhook-id"));
    assert_eq!(body["challenge"].as_str().unwrap().len(), 32);
}

#[tokio::test]
async fn a_receiver_that_does_not_gets_none() {
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
async fn without_a_token_nobody_is_asked() {
    let api = api().await;
    let mut settings = settings("/status/404");
    settings["verification"] = json!(null);
    assert_eq!(api.post("/v1/webhooks", settings).await.status, StatusCode::CREATED);
}
