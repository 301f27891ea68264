//! Details of a request that the log shows beside its outcome.

mod headers;

use std::net::SocketAddr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use strum::VariantArray;

pub use self::headers::ResponseHeaders;
use crate::domain::compose::SentRequest;

/// Details of one request beside its outcome.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// When sending began, in whole milliseconds. Waiting for look-ups of other requests is not included.
    #[serde(with = "jiff::fmt::serde::timestamp::millisecond::required")]
    pub sent_at: Timestamp,
    /// The receiver's address; `None` if no connection was made, or if a reused connection brought no
    /// response.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<SocketAddr>,
    /// The version of the response; meaningless without one.
    #[serde(default, skip_serializing_if = "HttpVersion::is_usual")]
    pub http: HttpVersion,
    /// The number of bytes of the response's body that were read.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub received: u64,
    /// The request; `None` if it was dropped to save space.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<SentRequest>,
    /// The response's headers; `None` if they were not kept or there was no response.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub headers: Option<ResponseHeaders>,
}

/// The HTTP version of a response.
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

impl Evidence {
    /// Drops the largest parts: the request and the response's headers.
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
    /// The versions' names in the API.
    pub const NAMES: [&'static str; 2] = ["1.0", "1.1"];

    /// The version's name in the API.
    pub fn name(self) -> &'static str {
        self.into()
    }

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's signature")]
    fn is_usual(&self) -> bool {
        *self == Self::default()
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's signature")]
fn is_zero(number: &u64) -> bool {
    *number == 0
}

/// The stored form of evidence: JSON text, which costs less to write than an attribute for each part. A text that this
/// build cannot parse is read as `None`, so that the rest of the attempt is still shown.
pub(super) mod as_text {
    use serde::{Deserialize as _, Deserializer, Serializer, ser};

    use super::Evidence;

    #[expect(clippy::ref_option, reason = "serde's signature")]
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
