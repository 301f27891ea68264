//! The signed request that delivers a report to a webhook.
//!
//! In: a webhook, its compiled templates, a report and the time of the attempt. Out: a
//! [`WebhookRequest`] with method, URL, headers and body, or a [`RenderError`].

use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_TYPE, HeaderName, HeaderValue};
use http::{HeaderMap, Method};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use url::Url;

use crate::domain::compose::SentRequest;
use crate::domain::compose::{Composer, RenderError, RenderFailure, Secrets, Variables};
use crate::domain::ids::RequestId;
use crate::domain::report::{DefaultPayload, Report};
use crate::domain::webhook::Webhook;

/// The report's id: the same on every attempt, so that a receiver can recognise duplicates. A trial or
/// a verification has its own id ([`TrialId`](crate::domain::ids::TrialId)).
pub const WEBHOOK_ID: HeaderName = HeaderName::from_static("webhook-id");
/// The time of this attempt, in seconds since 1970.
pub const WEBHOOK_TIMESTAMP: HeaderName = HeaderName::from_static("webhook-timestamp");
/// The signatures over id, time and body ([`crate::domain::signing`]).
pub const WEBHOOK_SIGNATURE: HeaderName = HeaderName::from_static("webhook-signature");
/// `true` in a trial or a verification, absent otherwise. The signature does not cover it, but it
/// covers the prefix of [`WEBHOOK_ID`], which says the same.
pub const WEBHOOK_TEST: HeaderName = HeaderName::from_static("webhook-test");

/// The signatures over id, time, method and URL, of a request whose URL holds content
/// ([`Composer::signs_url`]).
pub const WEBHOOK_URL_SIGNATURE: HeaderName = HeaderName::from_static("webhook-url-signature");

/// A request to one webhook for one report.
#[derive(Clone)]
pub struct WebhookRequest {
    /// The method.
    pub method: Method,
    /// The URL.
    pub url: Url,
    /// All headers except those of the connection.
    pub headers: HeaderMap,
    /// The exact bytes; `None` for `GET`.
    pub body: Option<Bytes>,
    /// Whether the webhook has a rate limit. Each such request gets a connection of its own: all have
    /// the same travel time, so they arrive as far apart as they were sent.
    pub is_paced: bool,
    /// The responses whose headers are captured.
    pub header_capture: HeaderCapture,
}

/// The responses whose headers are captured as evidence. Headers of a success would cost one more write unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HeaderCapture {
    /// All responses: for trials, and for webhooks to which 200 or 202 is no success.
    All,
    /// All except 200 and 202, so that a usual success costs nothing.
    Failures,
}

/// A report with the id and time zone of its requests.
#[derive(Clone, Copy)]
pub struct ReportView<'a> {
    /// The id of the requests: the report's, or that of a trial.
    pub id: RequestId,
    /// The report.
    pub report: &'a Report,
    /// The time zone of its times.
    pub zone: &'a TimeZone,
}

impl ReportView<'_> {
    /// The variables for the templates of `webhook` at `now`.
    pub fn variables(&self, webhook: &Webhook, now: Timestamp) -> Variables<'_> {
        Variables {
            report: self.report,
            report_id: self.id,
            webhook_id: webhook.id,
            now,
            zone: self.zone.clone(),
            mask: webhook.settings.mask,
        }
    }
}

impl WebhookRequest {
    /// Renders and signs the request of `webhook`, whose compiled templates are `composer`, for an
    /// attempt at `now`. `payload` returns the default payload, for a webhook without body settings.
    pub fn render<'p>(
        webhook: &Webhook,
        composer: &Composer,
        report: ReportView<'_>,
        now: Timestamp,
        payload: impl FnOnce() -> &'p DefaultPayload,
    ) -> Result<Self, RenderError> {
        let secret = |name: &str| webhook.secrets.value(name);
        let composed = composer.render(&report.variables(webhook, now), Secrets::Known(&secret))?;
        let body = match composed.body {
            Some(body) => Some(body),
            None if composed.method == Method::GET => None,
            None => Some(payload().for_webhook(webhook.id, webhook.settings.mask)),
        };
        let mut headers = composed.headers;
        if body.is_some() {
            headers.entry(CONTENT_TYPE).or_insert(HeaderValue::from_static("application/json"));
        }
        let request = Self {
            method: composed.method,
            url: composed.url,
            headers,
            body: body.map(Bytes::from),
            is_paced: webhook.settings.max_per_second.is_some(),
            header_capture: HeaderCapture::for_webhook(webhook),
        };
        let request = request.with_signed_url(webhook, composer, &report.id, now)?;
        request.signed(webhook, report.id, now)
    }

    /// Method and URL for the log, secrets hidden. The other arguments are those that the request was
    /// rendered from.
    pub fn for_log(
        &self,
        webhook: &Webhook,
        composer: &Composer,
        report: ReportView<'_>,
        now: Timestamp,
    ) -> SentRequest {
        let url = composer.log_url(&self.url, || report.variables(webhook, now));
        SentRequest { method: webhook.settings.request.method, url }
    }

    /// Adds the signatures of the URL, if it holds content. They are made like those of the body, with
    /// `<method> <URL>` in its place, so a receiver verifies both by the same code. The signed URL is
    /// without user and password, which are sent as a header. The URL must not change afterwards.
    pub(crate) fn with_signed_url(
        mut self,
        webhook: &Webhook,
        composer: &Composer,
        id: &impl std::fmt::Display,
        now: Timestamp,
    ) -> Result<Self, RenderError> {
        if composer.signs_url() {
            let mut url = self.url.clone();
            // Only URLs without a host refuse these.
            let _ = url.set_username("");
            let _ = url.set_password(None);
            let signed = format!("{} {url}", self.method);
            let signature = webhook.signing.sign(&id.to_string(), now, signed.as_bytes());
            self.headers.insert(WEBHOOK_URL_SIGNATURE, value(&WEBHOOK_URL_SIGNATURE, signature)?);
        }
        Ok(self)
    }

    /// Adds the headers that prove the origin, overwriting composed ones: id, time, the signatures over
    /// the exact bytes of the body, and the bearer secret if set. Marks a trial.
    pub(crate) fn signed(
        mut self,
        webhook: &Webhook,
        id: RequestId,
        now: Timestamp,
    ) -> Result<Self, RenderError> {
        let body = self.body.as_deref().unwrap_or_default();
        let text = id.to_string();
        let signature = webhook.signing.sign(&text, now, body);
        self.headers.insert(WEBHOOK_ID, value(&WEBHOOK_ID, text)?);
        if matches!(id, RequestId::Trial(_)) {
            self.headers.insert(WEBHOOK_TEST, HeaderValue::from_static("true"));
        }
        self.headers.insert(WEBHOOK_TIMESTAMP, now.as_second().into());
        self.headers.insert(WEBHOOK_SIGNATURE, value(&WEBHOOK_SIGNATURE, signature)?);
        if let Some(bearer) = webhook.secrets.bearer() {
            self.headers.insert(AUTHORIZATION, bearer.header());
        }
        Ok(self)
    }
}

impl HeaderCapture {
    fn for_webhook(webhook: &Webhook) -> Self {
        let codes = &webhook.settings.success_codes;
        if codes.contain(200) && codes.contain(202) { Self::Failures } else { Self::All }
    }

    /// Whether the headers of a response with this status are captured.
    pub fn includes(self, status: u16) -> bool {
        self == Self::All || !matches!(status, 200 | 202)
    }
}

/// The value of a required header.
fn value(name: &HeaderName, text: String) -> Result<HeaderValue, RenderError> {
    let refused =
        |_| RenderError { field: name.to_string(), reason: RenderFailure::ControlCharacter };
    HeaderValue::try_from(text).map_err(refused)
}

/// Prints method and origin only: paths and values may hold secrets.
impl std::fmt::Debug for WebhookRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.method, self.url.origin().ascii_serialization())
    }
}

#[cfg(test)]
mod tests;
