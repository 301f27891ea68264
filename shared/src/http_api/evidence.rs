//! The evidence of an attempt in API responses.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::Duration;

use jiff::Timestamp;
use serde::Serialize;

use crate::domain::compose::SentRequest;
use crate::domain::delivery::{Evidence, ResponseHeaders};
use crate::domain::redaction::HIDDEN;

/// The fields of an attempt that come from its [`Evidence`].
#[derive(Serialize)]
pub struct EvidenceView<'e> {
    sent_at: Timestamp,
    ended_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    request: Option<RequestView<'e>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    address: Option<SocketAddr>,
    #[serde(skip_serializing_if = "Option::is_none")]
    http_version: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    response_bytes: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    response_headers: Option<BTreeMap<&'e str, &'e str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    omitted_headers: Option<u32>,
    /// Fields that the log does not have.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    omitted: Vec<&'static str>,
}

#[derive(Serialize)]
struct RequestView<'e> {
    method: &'static str,
    url: Cow<'e, str>,
}

/// How much of a URL the caller may see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ShownUrl {
    /// The URL with `•••` for secrets.
    Whole,
    /// Scheme, host and port. A path may be a secret, so only callers that may read webhooks see it.
    Origin,
}

impl<'e> EvidenceView<'e> {
    /// Fields that the log may not have.
    pub const OMITTED: [&'static str; 2] = ["request", "response_headers"];

    /// The view of an attempt that took `latency`, with times in whole milliseconds.
    pub fn new(
        evidence: &'e Evidence,
        latency: Duration,
        is_answered: bool,
        url: ShownUrl,
    ) -> Self {
        let [request, headers] = Self::OMITTED;
        let omitted = [
            evidence.request.is_none().then_some(request),
            (is_answered && evidence.headers.is_none()).then_some(headers),
        ];
        let latency = Duration::from_millis(latency.as_millis().try_into().unwrap_or(u64::MAX));
        let left_out = evidence.headers.as_ref().map_or(0, ResponseHeaders::left_out);
        Self {
            sent_at: evidence.sent_at,
            ended_at: evidence.sent_at.checked_add(latency).unwrap_or(Timestamp::MAX),
            request: evidence.request.as_ref().map(|request| RequestView::new(request, url)),
            address: evidence.address,
            http_version: is_answered.then(|| evidence.http.name()),
            response_bytes: is_answered.then_some(evidence.received),
            response_headers: evidence.headers.as_ref().map(|headers| shown_headers(headers, url)),
            omitted_headers: (left_out > 0).then_some(left_out),
            omitted: omitted.into_iter().flatten().collect(),
        }
    }

    /// The view for lists, without request and response headers.
    #[must_use]
    pub fn brief(self) -> Self {
        let omitted = Vec::new();
        Self { request: None, response_headers: None, omitted_headers: None, omitted, ..self }
    }
}

/// Headers in which a receiver may repeat the request's URL.
const WITH_URLS: [&str; 4] = ["content-location", "link", "location", "refresh"];

/// The response headers; with [`ShownUrl::Origin`], those that may repeat the URL are hidden.
fn shown_headers(headers: &ResponseHeaders, url: ShownUrl) -> BTreeMap<&str, &str> {
    let hides = |name: &str| url == ShownUrl::Origin && WITH_URLS.contains(&name);
    let shown = headers.kept().iter();
    shown
        .map(|(name, value)| (name.as_str(), if hides(name) { HIDDEN } else { value.as_str() }))
        .collect()
}

impl<'e> RequestView<'e> {
    fn new(request: &'e SentRequest, url: ShownUrl) -> Self {
        let url = match url {
            ShownUrl::Whole => Cow::Borrowed(&*request.url),
            ShownUrl::Origin => Cow::Owned(request.origin()),
        };
        Self { method: request.method.as_str(), url }
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderMap;
    use http::header::SERVER;
    use serde_json::{Value, json};

    use super::*;
    use crate::domain::compose::Method;
    use crate::domain::delivery::HttpVersion;

    fn evidence() -> Evidence {
        let headers = HeaderMap::from_iter([(SERVER, "nginx".parse().unwrap())]);
        let url = "https://a.example/hook?to=918867130000".into();
        Evidence {
            sent_at: "2021-04-09T16:27:56.336Z".parse().unwrap(),
            address: Some("203.0.113.7:443".parse().unwrap()),
            http: HttpVersion::Http11,
            received: 13,
            request: Some(SentRequest { method: Method::Get, url }),
            headers: Some(ResponseHeaders::of(&headers)),
        }
    }

    fn shown(evidence: &Evidence, is_answered: bool, url: ShownUrl) -> Value {
        json!(EvidenceView::new(evidence, Duration::from_micros(41_999), is_answered, url))
    }

    #[test]
    fn all_evidence_is_shown() {
        let whole = json!({
            "sent_at": "2021-04-09T16:27:56.336Z", "ended_at": "2021-04-09T16:27:56.377Z",
            "request": {"method": "GET", "url": "https://a.example/hook?to=918867130000"},
            "address": "203.0.113.7:443", "http_version": "1.1", "response_bytes": 13,
            "response_headers": {"server": "nginx"},
        });
        assert_eq!(shown(&evidence(), true, ShownUrl::Whole), whole);
        let origin = shown(&evidence(), true, ShownUrl::Origin);
        assert_eq!(origin["request"]["url"], "https://a.example/•••");
    }

    #[test]
    fn headers_that_repeat_the_url_are_hidden_with_it() {
        let url = "https://a.example/hook?to=918867130000";
        let repeated = ["location", "content-location", "link", "refresh"];
        let headers = repeated.map(|name| (name.parse().unwrap(), url.parse().unwrap()));
        let headers = HeaderMap::from_iter(headers);
        let evidence = Evidence { headers: Some(ResponseHeaders::of(&headers)), ..evidence() };
        for (shown_url, expected) in [(ShownUrl::Whole, url), (ShownUrl::Origin, "•••")] {
            let shown = shown(&evidence, true, shown_url);
            for name in repeated {
                assert_eq!(shown["response_headers"][name], expected, "{name}");
            }
        }
    }

    #[test]
    fn missing_evidence_is_listed_as_omitted() {
        let evidence = Evidence { request: None, headers: None, ..evidence() };
        for (is_answered, omitted) in
            [(true, json!(["request", "response_headers"])), (false, json!(["request"]))]
        {
            let shown = shown(&evidence, is_answered, ShownUrl::Whole);
            assert_eq!(shown["omitted"], omitted);
            let version = json!(is_answered.then_some("1.1"));
            assert_eq!(shown["http_version"], version);
            assert_eq!(shown.get("response_bytes").is_some(), is_answered);
        }
        let long = [(SERVER, "x".repeat(2_000).parse().unwrap())];
        let headers = Some(ResponseHeaders::of(&HeaderMap::from_iter(long)));
        let shown = shown(&Evidence { headers, ..evidence }, true, ShownUrl::Whole);
        assert_eq!(
            (&shown["response_headers"], &shown["omitted_headers"]),
            (&json!({}), &json!(1))
        );
    }

    #[test]
    fn lists_show_no_request_and_no_response_headers() {
        let evidence = evidence();
        let view = EvidenceView::new(&evidence, Duration::ZERO, true, ShownUrl::Whole).brief();
        let brief = json!({
            "sent_at": "2021-04-09T16:27:56.336Z", "ended_at": "2021-04-09T16:27:56.336Z",
            "address": "203.0.113.7:443", "http_version": "1.1", "response_bytes": 13,
        });
        assert_eq!(json!(view), brief);
    }
}
