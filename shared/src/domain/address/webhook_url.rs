//! The URL of a webhook.

use std::fmt;

use url::Url;

/// An absolute `http` or `https` URL with a host, in normal form (WHATWG URL).
#[derive(Clone, PartialEq, Eq)]
pub struct WebhookUrl(Url);

/// Why a text cannot be a webhook's URL; completes "`url` …".
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum InvalidUrl {
    /// Longer than [`WebhookUrl::MAX_LEN`].
    #[error("must be at most {} bytes, percent-encoded", WebhookUrl::MAX_LEN)]
    TooLong,
    /// Not a URL.
    #[error("must be an absolute URL such as https://example.com/reports ({0})")]
    Malformed(#[from] url::ParseError),
    /// The scheme is neither `http` nor `https`.
    #[error("must begin with https:// or http://")]
    Scheme,
    /// It has a fragment, which would never be sent.
    #[error("must not have a fragment (`#…`): it would not be sent")]
    Fragment,
    /// It has white space or control characters, which URL parsers drop silently.
    #[error("must not contain spaces, tabs or line breaks")]
    Blank,
}

impl WebhookUrl {
    /// The longest URL, in bytes of its normal form.
    pub const MAX_LEN: usize = 2_048;

    /// Reads a URL.
    pub fn parse(text: &str) -> Result<Self, InvalidUrl> {
        if text.chars().any(|c| c.is_whitespace() || c.is_control()) {
            return Err(InvalidUrl::Blank);
        }
        let url = Url::parse(text)?;
        // The normal form is sent: `ü` has six bytes there.
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
    /// Prints scheme, host and port only: path and query may hold secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.origin().ascii_serialization())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn absolute_http_urls_are_accepted() {
        for good in ["https://example.com/", "http://127.0.0.1:8080/hook?a=b", "https://u:p@h.io/"]
        {
            assert_eq!(WebhookUrl::parse(good).unwrap().as_url().as_str(), good);
        }
    }

    #[test]
    fn other_urls_are_refused_with_the_reason() {
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
    fn the_normal_form_of_an_accepted_url_is_accepted() {
        let umlauts = |count| format!("https://a.example/?q={}", "ü".repeat(count));
        let normal = WebhookUrl::parse(&umlauts(337)).unwrap();
        assert_eq!(WebhookUrl::parse(normal.as_url().as_str()), Ok(normal));
        assert_eq!(WebhookUrl::parse(&umlauts(338)), Err(InvalidUrl::TooLong));
    }

    #[test]
    fn debug_output_shows_only_the_origin() {
        let url = WebhookUrl::parse("https://user:pass@example.com/p?token=t").unwrap();
        assert_eq!(format!("{url:?}"), "https://example.com");
    }
}
