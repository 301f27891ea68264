//! The `error` of an attempt without a response.

use serde::Serialize;

use crate::domain::delivery::NoResponse;

/// The `error` field of an attempt.
#[derive(Debug, Serialize, PartialEq, Eq)]
pub struct ErrorView {
    r#type: &'static str,
    /// The reason of a TLS failure.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
    detail: String,
}

impl ErrorView {
    /// An error with a `detail` other than its standard sentence.
    pub fn with_detail(why: NoResponse, detail: String) -> Self {
        Self { r#type: why.kind(), reason: why.tls_reason(), detail }
    }
}

impl From<NoResponse> for ErrorView {
    fn from(why: NoResponse) -> Self {
        Self::with_detail(why, why.to_string())
    }
}
