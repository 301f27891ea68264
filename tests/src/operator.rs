//! Calls of AWS as an operator: invoking functions, subscribing to alerts, and APIs that the
//! functions do not call.

use std::time::SystemTime;

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4;
use serde_json::Value;

use crate::cloud::{deployed_name, setting};
use crate::receiver::Receiver;
use crate::wait::{SOON, until};

/// Invokes `function` with `event`; returns its response.
pub async fn invoke(function: &str, event: &Value) -> Value {
    let url = format!(
        "{}/2015-03-31/functions/{}/invocations",
        setting("AWS_ENDPOINT_URL"),
        deployed_name(function)
    );
    let request = http::Request::post(&url).body(event.to_string()).expect("a request");
    let response = send_as_root("lambda", request).await;
    let failed = response.headers().contains_key("x-amz-function-error");
    let answer = response.text().await.expect("an answer");
    assert!(!failed, "{function} failed: {answer}");
    serde_json::from_str(&answer).unwrap_or_else(|error| panic!("{function}: {error}: {answer}"))
}

/// Subscribes `path` of a receiver to the operator's topic.
pub async fn subscribe_to_alerts(receiver: &Receiver, path: &str) {
    let topic = setting("CALLHOOK_OPERATOR_TOPIC_ARN");
    let endpoint = receiver.url(path);
    let subscription = [("TopicArn", &*topic), ("Protocol", "http"), ("Endpoint", &endpoint)];
    query("sns", "2010-03-31", "Subscribe", &subscription).await;
    // SNS sends a request to confirm the subscription first.
    let confirmation = until(SOON, "confirmation request of SNS", async || {
        receiver.received_at(path).into_iter().next()
    })
    .await;
    let confirmation: Value = serde_json::from_str(&confirmation.body).expect("JSON");
    let url = confirmation["SubscribeURL"].as_str().expect("a URL");
    let answer = reqwest::get(url).await.expect("an answer");
    assert_eq!(answer.status(), 200, "{answer:?}");
}

/// Calls `action` of a service with AWS's query protocol; returns the XML of its response.
pub async fn query(
    service: &str,
    version: &str,
    action: &str,
    parameters: &[(&str, &str)],
) -> String {
    let body = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("Action", action)
        .append_pair("Version", version)
        .extend_pairs(parameters)
        .finish();
    let request = http::Request::post(format!("{}/", setting("AWS_ENDPOINT_URL")))
        .header("content-type", "application/x-www-form-urlencoded")
        .body(body)
        .expect("a request");
    send_as_root(service, request).await.text().await.expect("an answer")
}

/// Puts an event on an event bus; fails unless the bus accepts it.
pub async fn put_event(bus: &str, detail_type: &str, detail: &Value) {
    let entry = serde_json::json!({"EventBusName": bus, "Source": "com.example.dialer",
        "DetailType": detail_type, "Detail": detail.to_string()});
    let request = http::Request::post(format!("{}/", setting("AWS_ENDPOINT_URL")))
        .header("content-type", "application/x-amz-json-1.1")
        .header("x-amz-target", "AWSEvents.PutEvents")
        .body(serde_json::json!({ "Entries": [entry] }).to_string())
        .expect("a request");
    let answer = send_as_root("events", request).await.text().await.expect("an answer");
    let answer: Value = serde_json::from_str(&answer).expect("JSON");
    assert_eq!(answer["FailedEntryCount"], 0, "{answer}");
}

/// Signs a request as root and sends it; fails unless the status is 200.
async fn send_as_root(service: &str, mut request: http::Request<String>) -> reqwest::Response {
    sign_as_root(service, &mut request);
    let request = reqwest::Request::try_from(request).expect("a request");
    // reqwest needs a TLS provider even for http.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let response = reqwest::Client::new().execute(request).await.expect("an answer");
    assert_eq!(response.status(), 200, "{service}: {response:?}");
    response
}

fn sign_as_root(service: &str, request: &mut http::Request<String>) {
    let credentials = Credentials::new(
        setting("AWS_ACCESS_KEY_ID"),
        setting("AWS_SECRET_ACCESS_KEY"),
        None,
        None,
        "the cloud's root",
    );
    let region = setting("AWS_REGION");
    let identity = credentials.into();
    let params = v4::SigningParams::builder()
        .identity(&identity)
        .region(&region)
        .name(service)
        .time(SystemTime::now())
        .settings(SigningSettings::default())
        .build()
        .expect("the parameters of a signature")
        .into();
    let url = request.uri().to_string();
    let body = SignableBody::Bytes(request.body().as_bytes());
    let signable = SignableRequest::new("POST", &url, std::iter::empty(), body).expect("a request");
    let (instructions, _) = sign(signable, &params).expect("a signature").into_parts();
    instructions.apply_to_request_http1x(request);
}
