use std::time::Duration;

use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4::SigningParams;
use aws_smithy_types::body::SdkBody;

use super::*;

fn request(url: &str, body: &'static str) -> HttpRequest {
    let mut request = HttpRequest::new(SdkBody::from(body));
    request.set_method("POST").unwrap();
    request.set_uri(url).unwrap();
    for (name, value) in [
        ("content-type", "application/x-amz-json-1.0"),
        ("x-amz-target", "AmazonSQS.SendMessageBatch"),
        ("x-amzn-query-mode", "true"),
        ("user-agent", "any"),
        ("content-length", "3"),
    ] {
        request.headers_mut().insert(name, value);
    }
    request
}

fn credentials(token: Option<&str>) -> Credentials {
    Credentials::new("AKIA", "secret", token.map(str::to_owned), None, "tests")
}

/// What the SDK's own signer makes of `request`.
fn by_the_sdk(request: &HttpRequest, scope: &Scope<'_>, now: SystemTime) -> Vec<(String, String)> {
    let identity: Identity = scope.credentials.clone().into();
    let params = SigningParams::builder()
        .identity(&identity)
        .region(scope.region)
        .name(scope.service)
        .time(now)
        .settings(SigningSettings::default())
        .build()
        .unwrap()
        .into();
    let body = SignableBody::Bytes(request.body().bytes().unwrap());
    let signable =
        SignableRequest::new(request.method(), request.uri(), request.headers().iter(), body);
    let (instructions, _) = sign(signable.unwrap(), &params).unwrap().into_parts();
    let (headers, _) = instructions.into_parts();
    headers.iter().map(|header| (header.name().to_owned(), header.value().to_owned())).collect()
}

#[test]
fn it_is_the_signature_of_the_sdk() {
    let signing = Signing::default();
    let day = SystemTime::UNIX_EPOCH + Duration::from_secs(1_796_000_399);
    for (url, region, token, now) in [
        ("https://sqs.us-east-1.amazonaws.com/", "us-east-1", Some("a token"), day),
        ("https://sqs.us-east-1.amazonaws.com", "us-east-1", Some("a token"), day),
        ("https://sqs.cn-north-1.amazonaws.com.cn/", "cn-north-1", None, day),
        ("http://127.0.0.1:4566/", "eu-west-1", Some("b"), day),
        ("http://127.0.0.1:4566/", "eu-west-1", Some("b"), day + Duration::from_secs(1)),
        ("http://127.0.0.1:4566/", "eu-west-1", Some("b"), day + Duration::from_hours(24)),
    ] {
        let credentials = credentials(token);
        let scope = Scope { credentials: &credentials, region, service: "sqs" };
        let mut request = request(url, "{}!");
        let expected = by_the_sdk(&request, &scope, now);
        signing.sign(&mut request, &scope, now).unwrap();
        assert_eq!(expected.len(), if token.is_some() { 3 } else { 2 });
        for (name, value) in expected {
            assert_eq!(request.headers().get(&name), Some(value.as_str()), "{url} {name}");
        }
    }
}

#[test]
fn another_secret_has_another_key() {
    let signing = Signing::default();
    let signed_with = |secret: &str| {
        let credentials = Credentials::new("AKIA", secret, None, None, "tests");
        let scope = Scope { credentials: &credentials, region: "us-east-1", service: "sqs" };
        let mut request = request("http://x/", "{}");
        signing.sign(&mut request, &scope, SystemTime::UNIX_EPOCH).unwrap();
        request.headers().get("authorization").unwrap().to_owned()
    };
    assert_ne!(signed_with("a"), signed_with("b"));
    assert_eq!(signed_with("a"), signed_with("a"));
}

#[test]
fn what_is_out_of_the_ordinary_is_left_to_the_sdk() {
    let credentials = credentials(None);
    let scope = Scope { credentials: &credentials, region: "us-east-1", service: "sqs" };
    let untouched = |mut request: HttpRequest| {
        let signed = Signing::default().sign(&mut request, &scope, SystemTime::UNIX_EPOCH);
        signed.is_none() && request.headers().get("authorization").is_none()
    };
    for url in ["http://x/a", "http://x/?a=b", "https://x:443/", "http://a@x/"] {
        assert!(untouched(request(url, "{}")), "{url}");
    }
    let mut with_spaces = request("http://x/", "{}");
    with_spaces.headers_mut().insert("x-a", "a  b");
    assert!(untouched(with_spaces));
    let mut twice = request("http://x/", "{}");
    twice.headers_mut().append("x-amz-target", "b");
    assert!(untouched(twice));
    let mut get = request("http://x/", "");
    get.set_method("GET").unwrap();
    assert!(untouched(get));
}
