//! The URL of a webhook.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use url::Url;

use crate::fields::kind_of;

/// An absolute `http` or `https` URL with a host, in normal form (WHATWG URL).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct WebhookUrl(Url);

/// Why a text cannot be a webhook's URL; completes "`url` …".
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum InvalidUrl {
    /// Not a JSON string.
    #[error("must be a string, not {0}")]
    NotText(&'static str),
    /// Longer than [`WebhookUrl::MAX_LEN`].
    #[error("must be at most {} bytes, percent-encoded", WebhookUrl::MAX_LEN)]
    TooLong,
    /// Not a URL.
    #[error("must be an absolute URL such as https://example.com/reports ({0})")]
    Malformed(#[from] url::ParseError),
    /// Another scheme.
    #[error("must begin with https:// or http://")]
    Scheme,
    /// A fragment would never be sent.
    #[error("must not have a fragment (`#…`): it would not be sent")]
    Fragment,
    /// White space or control characters, which a URL parser would drop without a word.
    #[error("must not contain spaces, tabs or line breaks")]
    Blank,
}

impl WebhookUrl {
    /// The longest URL, in bytes of its normal form.
    pub const MAX_LEN: usize = 2_048;

    /// Reads a URL from a request's field.
    pub fn from_json(value: &Value) -> Result<Self, InvalidUrl> {
        let text = value.as_str().ok_or_else(|| InvalidUrl::NotText(kind_of(value)))?;
        Self::parse(text)
    }

    /// Reads a URL.
    pub fn parse(text: &str) -> Result<Self, InvalidUrl> {
        if text.chars().any(|c| c.is_whitespace() || c.is_control()) {
            return Err(InvalidUrl::Blank);
        }
        let url = Url::parse(text)?;
        // The normal form is what is stored and read again: `ü` is six bytes of it.
        if url.as_str().len() > Self::MAX_LEN {
            return Err(InvalidUrl::TooLong);
        }
        if !matches!(url.scheme(), "http" | "https") {
            return Err(InvalidUrl::Scheme);
        }
        if url.fragment().is_some() {
            return Err(InvalidUrl::Fragment);
        }
        Ok(Self(url))
    }

    /// The parsed URL.
    pub fn as_url(&self) -> &Url {
        &self.0
    }
}

impl fmt::Debug for WebhookUrl {
    /// Scheme, host and port only: path and query may hold a client's secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.origin().ascii_serialization())
    }
}

impl TryFrom<String> for WebhookUrl {
    type Error = InvalidUrl;

    fn try_from(text: String) -> Result<Self, InvalidUrl> {
        Self::parse(&text)
    }
}

impl From<WebhookUrl> for String {
    fn from(url: WebhookUrl) -> Self {
        url.0.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn absolute_http_urls_are_taken() {
        for good in ["https://example.com/", "http://127.0.0.1:8080/hook?a=b", "https://u:p@h.io/"]
        {
            assert_eq!(String::from(WebhookUrl::parse(good).unwrap()), good);
        }
    }

    #[test]
    fn everything_else_is_refused_with_its_reason() {
        let long = format!("https://example.com/{}", "x".repeat(WebhookUrl::MAX_LEN));
        for (bad, why) in [
            ("", "(relative URL without a base)"),
            ("example.com/hook", "(relative URL without a base)"),
            ("https://", "(empty host)"),
            ("ftp://example.com/", "https:// or http://"),
            ("file:///etc/passwd", "https:// or http://"),
            ("javascript:alert(1)", "https:// or http://"),
            ("https://example.com/#top", "fragment"),
            ("https://exa\tmple.com/", "spaces, tabs or line breaks"),
            (" https://example.com/", "spaces, tabs or line breaks"),
            ("https://example.com:99999/", "(invalid port number)"),
            (&long, "2048 bytes"),
        ] {
            let error = WebhookUrl::parse(bad).unwrap_err().to_string();
            assert!(error.contains(why), "{bad}: {error}");
        }
    }

    #[test]
    fn what_is_taken_is_taken_again_from_its_normal_form() {
        let umlauts = |count| format!("https://a.example/?q={}", "ü".repeat(count));
        let stored = String::from(WebhookUrl::parse(&umlauts(337)).unwrap());
        assert!(WebhookUrl::parse(&stored).is_ok());
        assert_eq!(WebhookUrl::parse(&umlauts(338)), Err(InvalidUrl::TooLong));
    }

    #[test]
    fn debug_output_hides_what_may_be_secret() {
        let url = WebhookUrl::parse("https://user:pass@example.com/p?token=t").unwrap();
        assert_eq!(format!("{url:?}"), "https://example.com");
    }
}
