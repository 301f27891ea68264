//! Files of the binary, each in its content codings.

use axum::body::Body;
use axum::response::Response;
use http::header::{CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY};
use http::{HeaderMap, HeaderValue, StatusCode};

use crate::encoding::{Coding, Weights};

/// A file that only a deployment changes. `build.rs` generates these.
pub(crate) struct Asset {
    pub(crate) name: &'static str,
    pub(crate) media_type: &'static str,
    pub(crate) identity: Variant,
    pub(crate) gzip: Option<Variant>,
    pub(crate) brotli: Option<Variant>,
}

/// A file in one content coding.
pub(crate) struct Variant {
    pub(crate) bytes: &'static [u8],
    /// A strong entity tag, in quotes.
    pub(crate) etag: &'static str,
}

impl Asset {
    /// Answers a request with these headers: with the file, or 304 if the caller has it cached.
    pub(crate) fn answer(&self, request: &HeaderMap, cache_control: &'static str) -> Response {
        let (coding, variant) = self.chosen(&Weights::of(request));
        let mut response = Response::default();
        if variant.is_known(request) {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
        } else {
            *response.body_mut() = Body::from(variant.bytes);
            let headers = response.headers_mut();
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(self.media_type));
            // `lambda_http` sends bodies with this header to the gateway in base64.
            if let Some(name) = coding.name() {
                headers.insert(CONTENT_ENCODING, HeaderValue::from_static(name));
            }
        }
        let headers = response.headers_mut();
        headers.insert(ETAG, HeaderValue::from_static(variant.etag));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static(cache_control));
        headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
        response
    }

    fn chosen(&self, weights: &Weights) -> (Coding, &Variant) {
        let compressed = [(Coding::Brotli, &self.brotli), (Coding::Gzip, &self.gzip)];
        let compressed = compressed
            .into_iter()
            .filter_map(|(coding, variant)| Some((coding, variant.as_ref()?)))
            .filter(|(coding, _)| weights.accept(*coding));
        compressed
            .chain([(Coding::Identity, &self.identity)])
            // Brotli wins among equal weights: `max_by_key` would return the last.
            .reduce(
                |best, next| {
                    if weights.of_coding(next.0) > weights.of_coding(best.0) { next } else { best }
                },
            )
            .unwrap_or((Coding::Identity, &self.identity))
    }
}

impl Variant {
    /// Whether the caller has it cached: `If-None-Match` compares weakly (RFC 9110, 13.1.2).
    fn is_known(&self, headers: &HeaderMap) -> bool {
        let known = headers.get_all(IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
        known
            .flat_map(|tags| tags.split(','))
            .map(str::trim)
            .any(|tag| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == self.etag)
    }
}

#[cfg(test)]
mod tests;
