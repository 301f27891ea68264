//! Invoking a function with an event of the test's own, as an operator may.

use std::time::SystemTime;

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4;
use serde_json::Value;

use crate::cloud::setting;

/// The name of the stack that the tests run on.
const STACK: &str = "callhook";

/// What `function` answers to `event`.
pub async fn invoke(function: &str, event: &Value) -> Value {
    let url = format!(
        "{}/2015-03-31/functions/{STACK}-{function}/invocations",
        setting("AWS_ENDPOINT_URL")
    );
    let mut request = http::Request::post(&url).body(event.to_string()).expect("a request");
    sign_as_root(&mut request);
    let request = reqwest::Request::try_from(request).expect("a request");
    // reqwest asks for a TLS provider even where only http is spoken.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let response = reqwest::Client::new().execute(request).await.expect("an answer");
    assert_eq!(response.status(), 200, "{function}: {response:?}");
    let failed = response.headers().contains_key("x-amz-function-error");
    let answer = response.text().await.expect("an answer");
    assert!(!failed, "{function} failed: {answer}");
    serde_json::from_str(&answer).unwrap_or_else(|error| panic!("{function}: {error}: {answer}"))
}

fn sign_as_root(request: &mut http::Request<String>) {
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
        .name("lambda")
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
