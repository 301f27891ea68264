//! A composed request as the log shows it.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::Method;
use crate::domain::redaction::HIDDEN;

/// A request's method and redacted URL: `•••` stands for secrets, user and password.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentRequest {
    /// The method.
    pub method: Method,
    /// The URL; at most [`SentRequest::MAX_URL`] bytes of it, and `…` if there was more.
    pub url: Arc<str>,
}

impl SentRequest {
    /// How much of a URL is kept, in bytes.
    pub const MAX_URL: usize = 1024;

    /// A URL, cut to [`SentRequest::MAX_URL`].
    pub fn clipped(url: &str) -> Cow<'_, str> {
        if url.len() <= Self::MAX_URL {
            return Cow::Borrowed(url);
        }
        let end = url.floor_char_boundary(Self::MAX_URL);
        Cow::Owned(url.get(..end).unwrap_or_default().to_owned() + "…")
    }

    /// Scheme, host and port of the URL, for callers that may not see the webhook's settings.
    pub fn origin(&self) -> String {
        let scheme = self.url.find("://").map_or(0, |colon| colon + "://".len());
        let (scheme, rest) = self.url.split_at(scheme);
        let authority = rest.split(['/', '?', '#', '\\']).next().unwrap_or_default();
        format!("{scheme}{authority}/{HIDDEN}")
    }
}

/// Prints the method and the origin only: the rest may hold phone numbers.
impl fmt::Debug for SentRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method.as_str(), self.origin())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_shown_by_its_origin_or_clipped() {
        for (url, origin) in [
            ("https://a.example/secret?a=b", "https://a.example/•••"),
            ("https://•••:•••@a.example:1/x", "https://•••:•••@a.example:1/•••"),
            ("http://[::1]?a=/", "http://[::1]/•••"),
        ] {
            let request = SentRequest { method: Method::Post, url: url.into() };
            assert_eq!(request.origin(), origin);
        }
        let whole = "x".repeat(SentRequest::MAX_URL);
        assert_eq!(SentRequest::clipped(&whole), whole);
        let clipped = SentRequest::clipped(&"•".repeat(400)).into_owned();
        assert_eq!(clipped, "•".repeat(341) + "…");
    }
}
