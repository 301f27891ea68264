//! What the log shows of a request beside its outcome: when it was sent, where to, and what came back.

mod headers;

use std::borrow::Cow;
use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use strum::VariantArray;

pub use self::headers::ResponseHeaders;
use crate::compose::{HIDDEN, Method};

/// What is known of one request beside its outcome.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// When sending began, in whole milliseconds. Waits for look-ups of other requests are over by then.
    #[serde(with = "jiff::fmt::serde::timestamp::millisecond::required")]
    pub sent_at: Timestamp,
    /// The receiver's address that was connected to; `None` if no connection was made, or if a kept one brought no
    /// answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<SocketAddr>,
    /// The version of the answer; without an answer it says nothing.
    #[serde(default, skip_serializing_if = "HttpVersion::is_usual")]
    pub http: HttpVersion,
    /// The bytes of the answer's body that were read.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub received: u64,
    /// The request; `None` if there was no room for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<SentRequest>,
    /// The answer's headers; `None` if they were not kept or there was no answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub headers: Option<ResponseHeaders>,
}

/// The HTTP version of an answer.
#[derive(
    Debug,
    Clone,
    Copy,
    Default,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    strum::IntoStaticStr,
    VariantArray,
)]
pub enum HttpVersion {
    /// HTTP/1.0.
    #[serde(rename = "1.0")]
    #[strum(serialize = "1.0")]
    Http10,
    /// HTTP/1.1.
    #[default]
    #[serde(rename = "1.1")]
    #[strum(serialize = "1.1")]
    Http11,
}

/// A request's method and URL as people see them: `•••` stands for secrets, user and password.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentRequest {
    /// The method.
    pub method: Method,
    /// The URL; at most [`SentRequest::MAX_URL`] bytes of it, and `…` if there was more.
    pub url: Arc<str>,
}

impl Evidence {
    /// Leaves out what takes most memory: the request and the answer's headers.
    pub fn abridge(&mut self) {
        (self.request, self.headers) = (None, None);
    }

    /// The memory that [`Evidence::abridge`] frees, in bytes.
    pub(super) fn detail_bytes(&self) -> usize {
        let url = self.request.as_ref().map_or(0, |request| request.url.len());
        url + self.headers.as_ref().map_or(0, ResponseHeaders::bytes)
    }
}

impl HttpVersion {
    /// The versions as an API shows them.
    pub const NAMES: [&'static str; 2] = ["1.0", "1.1"];

    /// The version as an API shows it.
    pub fn name(self) -> &'static str {
        self.into()
    }

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "what serde calls")]
    fn is_usual(&self) -> bool {
        *self == Self::default()
    }
}

impl SentRequest {
    /// How much of a URL is kept, in bytes.
    pub const MAX_URL: usize = 1024;

    /// A URL as far as it is kept.
    pub fn clipped(url: &str) -> Cow<'_, str> {
        if url.len() <= Self::MAX_URL {
            return Cow::Borrowed(url);
        }
        let end = url.floor_char_boundary(Self::MAX_URL);
        Cow::Owned(url.get(..end).unwrap_or_default().to_owned() + "…")
    }

    /// The URL for people who may not see the webhook's settings: scheme, host and port.
    pub fn origin(&self) -> String {
        let scheme = self.url.find("://").map_or(0, |colon| colon + "://".len());
        let (scheme, rest) = self.url.split_at(scheme);
        let authority = rest.split(['/', '?', '#', '\\']).next().unwrap_or_default();
        format!("{scheme}{authority}/{HIDDEN}")
    }
}

/// The method and the origin only: the rest may hold phone numbers.
impl fmt::Debug for SentRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method.as_str(), self.origin())
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "what serde calls")]
fn is_zero(number: &u64) -> bool {
    *number == 0
}

/// Evidence as stores hold it: JSON text, which costs less to write than an attribute for each part. A text that this
/// build cannot read is no evidence, and hides nothing else of the attempt.
pub(super) mod as_text {
    use serde::{Deserialize as _, Deserializer, Serializer, ser};

    use super::Evidence;

    #[expect(clippy::ref_option, reason = "what serde calls")]
    pub(in super::super) fn serialize<S: Serializer>(
        evidence: &Option<Evidence>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        let text = evidence.as_ref().map(serde_json::to_string).transpose();
        match text.map_err(ser::Error::custom)? {
            Some(text) => to.serialize_some(&text),
            None => to.serialize_none(),
        }
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Option<Evidence>, D::Error> {
        let text = Option::<String>::deserialize(from)?;
        Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
    }
}

#[cfg(test)]
mod tests;
