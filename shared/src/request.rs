//! The request that takes a report to a webhook.

use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_TYPE, HeaderName, HeaderValue};
use http::{HeaderMap, Method};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use url::Url;

use crate::compose::{Composer, RenderError, RenderFailure, Secrets, Variables};
use crate::delivery::SentRequest;
use crate::ids::RequestId;
use crate::report::{DefaultPayload, Report};
use crate::webhook::Webhook;

/// The report's id: the same on every attempt, so that a receiver can tell a repetition. Of a trial or a
/// verification its own ([`TrialId`](crate::ids::TrialId)).
pub const WEBHOOK_ID: HeaderName = HeaderName::from_static("webhook-id");
/// When this attempt was made, in seconds since 1970.
pub const WEBHOOK_TIMESTAMP: HeaderName = HeaderName::from_static("webhook-timestamp");
/// The signatures over both and the body ([`crate::signing`]).
pub const WEBHOOK_SIGNATURE: HeaderName = HeaderName::from_static("webhook-signature");
/// `true` in a trial and in a verification; absent otherwise. The signature does not cover it: the prefix of
/// [`WEBHOOK_ID`] says the same, signed.
pub const WEBHOOK_TEST: HeaderName = HeaderName::from_static("webhook-test");

/// The signatures over id, time, method and URL, of a request whose URL holds content ([`Composer::signs_url`]).
pub const WEBHOOK_URL_SIGNATURE: HeaderName = HeaderName::from_static("webhook-url-signature");

/// What is sent to one webhook for one report.
#[derive(Clone)]
pub struct WebhookRequest {
    /// The method.
    pub method: Method,
    /// Where to.
    pub url: Url,
    /// All headers but those of the connection.
    pub headers: HeaderMap,
    /// The exact bytes; none for a `GET`.
    pub body: Option<Bytes>,
    /// Whether it has a place among the requests of a webhook with a rate limit. Such requests go over a
    /// connection of their own each: all take as long to the receiver, so they arrive as far apart as they were
    /// sent.
    pub is_paced: bool,
    /// Of which answers the headers are wanted.
    pub headers_of: HeadersOf,
}

/// Answers whose headers are kept as evidence. Those of a success are not: they would cost a write unit more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HeadersOf {
    /// All answers: of a trial, and of a webhook to which 200 or 202 is no success.
    All,
    /// All but 200 and 202, so that they cost a usual success nothing.
    Others,
}

/// A report as the requests for it need it.
#[derive(Clone, Copy)]
pub struct ReportView<'a> {
    /// The id of the requests for it: the report's, or that of a trial.
    pub id: RequestId,
    /// The report.
    pub report: &'a Report,
    /// The zone of its times.
    pub zone: &'a TimeZone,
}

impl ReportView<'_> {
    /// What the templates of `webhook` can name at `now`.
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
    /// The request of `webhook`, whose templates are `composer`, for an attempt that is made `now`.
    /// `payload` gives the default payload, if that is what the webhook gets.
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
            headers_of: HeadersOf::failures_of(webhook),
        };
        let request = request.with_signed_url(webhook, composer, &report.id, now)?;
        request.signed(webhook, report.id, now)
    }

    /// Method and URL as the log shows them: what `composer`, with the templates of `webhook`, made of `report` at `now`.
    pub fn shown(
        &self,
        webhook: &Webhook,
        composer: &Composer,
        report: ReportView<'_>,
        now: Timestamp,
    ) -> SentRequest {
        let url = composer.shown_url(&self.url, || report.variables(webhook, now));
        SentRequest { method: webhook.settings.request.method, url }
    }

    /// The request with the signatures of its URL, if `composer` puts content there: over the same as the body's, with
    /// `<method> <URL>` for the body, so that a receiver verifies it by the same code. The URL is without user and
    /// password, which go out as a header. It must not change afterwards.
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

    /// The request with what shows that it is Callhook's, whatever the client composed: id, time,
    /// the signatures over the exact bytes of the body, and the bearer secret if there is one. A trial says so.
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

impl HeadersOf {
    fn failures_of(webhook: &Webhook) -> Self {
        let codes = &webhook.settings.success_codes;
        if codes.contain(200) && codes.contain(202) { Self::Others } else { Self::All }
    }

    /// Whether those of an answer with this status are wanted.
    pub fn include(self, status: u16) -> bool {
        self == Self::All || !matches!(status, 200 | 202)
    }
}

/// A header without which nothing is sent.
fn value(name: &HeaderName, text: String) -> Result<HeaderValue, RenderError> {
    let refused =
        |_| RenderError { field: name.to_string(), reason: RenderFailure::ControlCharacter };
    HeaderValue::try_from(text).map_err(refused)
}

/// Addresses and values hold what clients keep to themselves.
impl std::fmt::Debug for WebhookRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.method, self.url.origin().ascii_serialization())
    }
}

#[cfg(test)]
mod tests;
