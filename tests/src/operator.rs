//! What an operator may do beside the API: invoke a function with an event of the test's own,
//! hear of alerts, and ask the AWS APIs that the functions do not call.

use std::time::SystemTime;

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4;
use serde_json::Value;

use crate::cloud::{deployed_name, setting};
use crate::receiver::Receiver;
use crate::wait::{SOON, until};

/// What `function` answers to `event`.
pub async fn invoke(function: &str, event: &Value) -> Value {
    let url = format!(
        "{}/2015-03-31/functions/{}/invocations",
        setting("AWS_ENDPOINT_URL"),
        deployed_name(function)
    );
    let request = http::Request::post(&url).body(event.to_string()).expect("a request");
    let response = as_root("lambda", request).await;
    let failed = response.headers().contains_key("x-amz-function-error");
    let answer = response.text().await.expect("an answer");
    assert!(!failed, "{function} failed: {answer}");
    serde_json::from_str(&answer).unwrap_or_else(|error| panic!("{function}: {error}: {answer}"))
}

/// Has the operator's topic post its messages to `path` of a receiver.
pub async fn hear_alerts(receiver: &Receiver, path: &str) {
    let topic = setting("CALLHOOK_OPERATOR_TOPIC_ARN");
    let endpoint = receiver.url(path);
    let subscription = [("TopicArn", &*topic), ("Protocol", "http"), ("Endpoint", &endpoint)];
    query("sns", "2010-03-31", "Subscribe", &subscription).await;
    // SNS asks the receiver first whether it wants them.
    let question =
        until(SOON, "the question of SNS", async || receiver.received_at(path).into_iter().next())
            .await;
    let question: Value = serde_json::from_str(&question.body).expect("JSON");
    let yes = question["SubscribeURL"].as_str().expect("where to say yes");
    let answer = reqwest::get(yes).await.expect("an answer");
    assert_eq!(answer.status(), 200, "{answer:?}");
}

/// What a service with AWS's query protocol answers to `action`, as XML.
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
    as_root(service, request).await.text().await.expect("an answer")
}

/// Puts an event on an event bus, which accepts it.
pub async fn put_event(bus: &str, detail_type: &str, detail: &Value) {
    let entry = serde_json::json!({"EventBusName": bus, "Source": "com.example.dialer",
        "DetailType": detail_type, "Detail": detail.to_string()});
    let request = http::Request::post(format!("{}/", setting("AWS_ENDPOINT_URL")))
        .header("content-type", "application/x-amz-json-1.1")
        .header("x-amz-target", "AWSEvents.PutEvents")
        .body(serde_json::json!({ "Entries": [entry] }).to_string())
        .expect("a request");
    let answer = as_root("events", request).await.text().await.expect("an answer");
    let answer: Value = serde_json::from_str(&answer).expect("JSON");
    assert_eq!(answer["FailedEntryCount"], 0, "{answer}");
}

/// Sends a request that the cloud's root has signed; it has to succeed.
async fn as_root(service: &str, mut request: http::Request<String>) -> reqwest::Response {
    sign_as_root(service, &mut request);
    let request = reqwest::Request::try_from(request).expect("a request");
    // reqwest asks for a TLS provider even where only http is spoken.
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
