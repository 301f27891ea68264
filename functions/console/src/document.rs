//! `GET /openapi.json`.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::response::Response;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use http::{HeaderMap, HeaderValue, StatusCode};
use sha2::{Digest as _, Sha256};

/// A text that changes with deployments only.
pub(crate) struct Document {
    text: &'static str,
    etag: String,
}

impl Document {
    /// The OpenAPI document, as JSON.
    pub(crate) const TEXT: &str = include_str!("../../../docs/openapi.json");

    /// The OpenAPI document.
    pub(crate) fn of_the_api() -> Self {
        Self::new(Self::TEXT)
    }

    fn new(text: &'static str) -> Self {
        let digest = Sha256::digest(text.as_bytes());
        let digest = digest.iter().take(8).fold(0u64, |sum, byte| (sum << 8) | u64::from(*byte));
        Self { text, etag: format!("\"{digest:016x}\"") }
    }

    /// Whether a caller has it: `If-None-Match` compares weakly (RFC 9110, 13.1.2).
    fn is_known(&self, headers: &HeaderMap) -> bool {
        let known = headers.get_all(IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
        known
            .flat_map(|tags| tags.split(','))
            .map(str::trim)
            .any(|tag| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == self.etag)
    }
}

pub(crate) async fn read(State(document): State<Arc<Document>>, headers: HeaderMap) -> Response {
    let mut response = Response::default();
    if document.is_known(&headers) {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
    } else {
        *response.body_mut() = Body::from(document.text);
        let json = HeaderValue::from_static("application/json");
        response.headers_mut().insert(CONTENT_TYPE, json);
    }
    if let Ok(etag) = HeaderValue::from_str(&document.etag) {
        response.headers_mut().insert(ETAG, etag);
    }
    let cache = HeaderValue::from_static("public, max-age=300");
    response.headers_mut().insert(CACHE_CONTROL, cache);
    response
}
