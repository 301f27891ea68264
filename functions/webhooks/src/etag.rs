//! `ETag` and `If-Match` (RFC 9110): a change applies only to the version that its author read.

use axum::extract::FromRequestParts;
use axum::response::Response;
use callhook::http_api::{Problem, ProblemKind};
use http::HeaderValue;
use http::header::{ETAG, IF_MATCH};
use http::request::Parts;

/// Adds the `ETag` of a version to a response.
pub(crate) fn with_etag(mut response: Response, version: u64) -> Response {
    if let Ok(etag) = HeaderValue::from_str(&format!("\"{version}\"")) {
        response.headers_mut().insert(ETAG, etag);
    }
    response
}

/// The versions that a request may change.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum IfMatch {
    /// Any stored version.
    Any,
    /// One of these.
    Versions(Vec<u64>),
}

impl IfMatch {
    /// The longest header, in bytes: hundreds of versions.
    pub(crate) const MAX_LEN: usize = 1_024;

    fn parse(header: &str) -> Self {
        if header.trim() == "*" {
            return Self::Any;
        }
        Self::Versions(header.split(',').filter_map(version_of).collect())
    }

    /// Fails with 412 if `version` is not one of these.
    pub(crate) fn check(&self, version: u64) -> Result<(), Problem> {
        match self {
            Self::Versions(wanted) if !wanted.contains(&version) => Err(Problem::new(
                ProblemKind::PreconditionFailed,
                format!(
                    "`If-Match` names another version than the stored one, \"{version}\". \
                     Read the webhook again and apply your change to that."
                ),
            )),
            _ => Ok(()),
        }
    }
}

/// The version in an entity tag. It accepts tags without quotes, and weak ones (`W/`), which proxies
/// make of strong ones when they compress a response: versions differ in content, so a weak tag is
/// as good. `None` for tags that Callhook does not issue.
fn version_of(tag: &str) -> Option<u64> {
    let tag = tag.trim();
    let tag = tag.strip_prefix("W/").unwrap_or(tag);
    let version = match tag.strip_prefix('"') {
        Some(quoted) => quoted.strip_suffix('"')?,
        None => tag,
    };
    // `parse` would accept a sign.
    version.bytes().all(|byte| byte.is_ascii_digit()).then(|| version.parse().ok()).flatten()
}

impl<S: Send + Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        match parts.headers.get(IF_MATCH).map(HeaderValue::to_str) {
            None => Ok(Self::Any),
            Some(Ok(header)) if header.len() <= Self::MAX_LEN => Ok(Self::parse(header)),
            Some(Ok(_)) => Err(Problem::new(
                ProblemKind::InvalidRequest,
                format!("`If-Match` has more than {} bytes.", Self::MAX_LEN),
            )),
            Some(Err(_)) => {
                Err(Problem::new(ProblemKind::InvalidRequest, "`If-Match` is not readable text."))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_a_version_with_or_without_quotes() {
        for any in ["*", " * "] {
            assert_eq!(IfMatch::parse(any), IfMatch::Any, "{any}");
        }
        for (header, versions) in [
            ("\"3\"", vec![3]),
            ("3", vec![3]),
            (" 3 ", vec![3]),
            ("W/\"3\"", vec![3]),
            ("W/3", vec![3]),
            ("\"3\", \"4\"", vec![3, 4]),
            ("3,W/\"4\", \"x\" , 5", vec![3, 4, 5]),
        ] {
            assert_eq!(IfMatch::parse(header), IfMatch::Versions(versions), "{header}");
        }
    }

    #[test]
    fn a_tag_without_a_version_matches_nothing() {
        for foreign in
            ["\"x\"", "\"", "\"3", "3\"", "+3", "-3", "3.0", "", "\"\"", "w/\"3\"", "'3'"]
        {
            let tag = IfMatch::parse(foreign);
            assert_eq!(tag, IfMatch::Versions(vec![]), "{foreign}");
            assert!(tag.check(3).is_err(), "{foreign}");
        }
    }
}
