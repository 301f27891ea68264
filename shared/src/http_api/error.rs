//! What an answer shows of an attempt that got no response.

use serde::Serialize;

use crate::delivery::NoResponse;

/// The `error` of an attempt.
#[derive(Debug, Serialize, PartialEq, Eq)]
pub struct ErrorView {
    r#type: &'static str,
    /// Why TLS failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
    detail: String,
}

impl ErrorView {
    /// With a `detail` that says more than the error itself.
    pub fn with_detail(why: NoResponse, detail: String) -> Self {
        Self { r#type: why.kind(), reason: why.tls_reason(), detail }
    }
}

impl From<NoResponse> for ErrorView {
    fn from(why: NoResponse) -> Self {
        Self::with_detail(why, why.to_string())
    }
}
