//! The sites that may show the console in a frame.

use std::fmt;
use std::str::FromStr;

/// Sources of the directive `frame-ancestors` of a content security policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FrameAncestors(String);

impl Default for FrameAncestors {
    /// No site.
    fn default() -> Self {
        Self("'none'".to_owned())
    }
}

impl fmt::Display for FrameAncestors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The text is not a list of sources.
#[derive(Debug)]
pub(crate) struct InvalidFrameAncestors;

impl fmt::Display for InvalidFrameAncestors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "give `'none'`, or `'self'` and origins such as `https://panel.example.com`, \
             with one space between them",
        )
    }
}

impl FromStr for FrameAncestors {
    type Err = InvalidFrameAncestors;

    /// The template's `ConsoleFrameAncestors` has the same rules as a pattern.
    fn from_str(text: &str) -> Result<Self, InvalidFrameAncestors> {
        let is_list = text == "'none'" || text.split(' ').all(is_source);
        is_list.then(|| Self(text.to_owned())).ok_or(InvalidFrameAncestors)
    }
}

/// Whether the text is `'self'`, an `https` origin (maybe with `*.` for all subdomains), or `http://localhost`.
fn is_source(text: &str) -> bool {
    if let Some(authority) = text.strip_prefix("https://") {
        let (host, port) = authority.split_once(':').unwrap_or((authority, "443"));
        let (is_wildcard, host) = match host.strip_prefix("*.") {
            Some(domain) => (true, domain),
            None => (false, host),
        };
        return is_host(host) && is_port(port) && (!is_wildcard || host.contains('.'));
    }
    let port = match text.strip_prefix("http://localhost") {
        Some("") => return true,
        Some(rest) => rest.strip_prefix(':'),
        None => return text == "'self'",
    };
    port.is_some_and(|port| port == "*" || is_port(port))
}

fn is_host(text: &str) -> bool {
    let is_label = |label: &str| {
        !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    text.split('.').all(is_label)
}

fn is_port(text: &str) -> bool {
    (1..=5).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `infra/local/tests/test_template.py` has the same cases for the template's pattern.
    #[test]
    fn frame_ancestors_are_none_or_self_and_origins() {
        for text in [
            "'none'",
            "'self'",
            "https://panel.example.com",
            "https://panel.example.com:8443",
            "https://*.example.com",
            "'self' https://a.example https://b.example",
            "http://localhost",
            "http://localhost:3000",
            "http://localhost:*",
        ] {
            assert_eq!(
                text.parse::<FrameAncestors>().ok().as_ref().map(ToString::to_string).as_deref(),
                Some(text)
            );
        }
        for text in [
            "",
            " ",
            "*",
            "none",
            "self",
            "'none' https://a.example",
            "https://a.example  https://b.example",
            "https://a.example,https://b.example",
            "https://a.example; script-src *",
            "https://a.example/",
            "https://a.example/panel",
            "https://user@a.example",
            "https://",
            "https://*",
            "https://*.com",
            "https://a.*.example",
            "https://a..example",
            "https://a.example:",
            "https://a.example:*",
            "https://a.example:123456",
            "http://a.example",
            "http://localhost.example",
            "http://localhost:",
            "https:",
            "data:",
            "https://é.example",
            "https://a.example\r\nx: y",
        ] {
            assert!(text.parse::<FrameAncestors>().is_err(), "{text:?}");
        }
        assert_eq!(FrameAncestors::default().to_string(), "'none'");
        let message = InvalidFrameAncestors.to_string();
        assert!(message.contains("`https://panel.example.com`"), "{message}");
    }
}
