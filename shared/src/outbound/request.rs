//! Converts a webhook request to one of reqwest.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::{AUTHORIZATION, HeaderValue};
use percent_encoding::percent_decode_str;
use reqwest::{Body, Request};
use url::Url;

use crate::domain::request::WebhookRequest;

/// Converts a request. The client adds `accept`, `user-agent`, `host` and `content-length`.
pub(super) fn to_reqwest(request: &WebhookRequest) -> Request {
    let mut url = request.url.clone();
    let mut headers = request.headers.clone();
    if let Some(credentials) = take_credentials(&mut url) {
        headers.entry(AUTHORIZATION).or_insert(credentials);
    }
    let mut outgoing = Request::new(request.method.clone(), url);
    *outgoing.headers_mut() = headers;
    *outgoing.body_mut() = request.body.clone().map(Body::from);
    outgoing
}

/// Removes user and password from a URL; returns them as an `Authorization` header (RFC 7617).
fn take_credentials(url: &mut Url) -> Option<HeaderValue> {
    if url.username().is_empty() && url.password().is_none() {
        return None;
    }
    let mut credentials: Vec<u8> = percent_decode_str(url.username()).collect();
    credentials.push(b':');
    credentials.extend(percent_decode_str(url.password().unwrap_or_default()));
    // These fail only for URLs without a host.
    url.set_username("").ok()?;
    url.set_password(None).ok()?;
    let mut value =
        HeaderValue::try_from(format!("Basic {}", STANDARD.encode(credentials))).ok()?;
    value.set_sensitive(true);
    Some(value)
}
