//! Errors as RFC 9457 problem details: a stable `type`, a sentence for people, and every invalid field.

use std::fmt;

use axum::response::IntoResponse;
use http::header::{CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderValue, Response, StatusCode};
use serde::Serialize;
use strum::VariantArray;

use crate::domain::account::AccountId;
use crate::input::fields::FieldErrors;
use crate::ports::store::StoreError;
use crate::runtime::telemetry::ErrorChain;

/// The kinds of problems, each with a `type` and a status (listed in `docs/api.md`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, VariantArray)]
pub enum ProblemKind {
    /// The body is not the expected JSON.
    MalformedJson,
    /// A header or a query parameter is invalid.
    InvalidRequest,
    /// The request has no valid key.
    Unauthorized,
    /// The key lacks the permission.
    Forbidden,
    /// The account of the key, or the one that it acts for, is being erased.
    AccountErasing,
    /// The account has no such resource.
    NotFound,
    /// The path has no such method.
    MethodNotAllowed,
    /// The resource exists already, or was changed meanwhile.
    Conflict,
    /// `If-Match` names another version.
    PreconditionFailed,
    /// The body, or a part of it, is too large.
    TooLarge,
    /// Fields have invalid types or values.
    InvalidFields,
    /// The account has reached its quota of the resource.
    QuotaExceeded,
    /// The account exceeds a rate limit.
    RateLimited,
    /// A dependency failed; a repeated request may succeed.
    Unavailable,
    /// Callhook failed; a repeated request will fail as well.
    Internal,
}

impl ProblemKind {
    /// Every kind.
    pub const ALL: &'static [Self] = Self::VARIANTS;
    /// The prefix of every `type`.
    pub const TYPE_PREFIX: &str = "urn:callhook:problem:";

    /// The suffix of the `type`.
    pub fn slug(self) -> &'static str {
        match self {
            Self::MalformedJson => "malformed-json",
            Self::InvalidRequest => "invalid-request",
            Self::Unauthorized => "unauthorized",
            Self::Forbidden => "forbidden",
            Self::AccountErasing => "account-erasing",
            Self::NotFound => "not-found",
            Self::MethodNotAllowed => "method-not-allowed",
            Self::Conflict => "conflict",
            Self::PreconditionFailed => "precondition-failed",
            Self::TooLarge => "too-large",
            Self::InvalidFields => "invalid-fields",
            Self::QuotaExceeded => "quota-exceeded",
            Self::RateLimited => "rate-limited",
            Self::Unavailable => "unavailable",
            Self::Internal => "internal",
        }
    }

    /// The status of the response.
    pub fn status(self) -> StatusCode {
        match self {
            Self::MalformedJson | Self::InvalidRequest => StatusCode::BAD_REQUEST,
            Self::Unauthorized => StatusCode::UNAUTHORIZED,
            Self::Forbidden | Self::AccountErasing => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::Conflict => StatusCode::CONFLICT,
            Self::PreconditionFailed => StatusCode::PRECONDITION_FAILED,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::InvalidFields => StatusCode::UNPROCESSABLE_ENTITY,
            Self::QuotaExceeded | Self::RateLimited => StatusCode::TOO_MANY_REQUESTS,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::MalformedJson => "Malformed JSON",
            Self::InvalidRequest => "Invalid request",
            Self::Unauthorized => "Unauthorized",
            Self::Forbidden => "Forbidden",
            Self::AccountErasing => "The account is being erased",
            Self::NotFound => "Not found",
            Self::MethodNotAllowed => "Method not allowed",
            Self::Conflict => "Conflict",
            Self::PreconditionFailed => "Precondition failed",
            Self::TooLarge => "Payload too large",
            Self::InvalidFields => "Validation failed",
            Self::QuotaExceeded => "Quota exceeded",
            Self::RateLimited => "Rate limit exceeded",
            Self::Unavailable => "Temporarily unavailable",
            Self::Internal => "Internal error",
        }
    }

    /// The default of `Retry-After`, in seconds.
    fn retry_after(self) -> Option<u64> {
        match self {
            Self::RateLimited | Self::Unavailable => Some(1),
            // The account has to delete resources, or ask the platform for a higher quota.
            Self::QuotaExceeded => Some(60),
            _ => None,
        }
    }
}

/// An error response.
#[derive(Debug)]
pub struct Problem {
    kind: ProblemKind,
    detail: String,
    errors: FieldErrors,
    /// The id of the existing resource.
    existing_id: Option<String>,
    retry_after: Option<u64>,
}

#[derive(Serialize)]
struct Body<'a> {
    r#type: String,
    title: &'static str,
    status: u16,
    detail: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    errors: Option<&'a FieldErrors>,
    #[serde(skip_serializing_if = "Option::is_none")]
    existing_id: Option<&'a str>,
}

impl Problem {
    /// A problem whose `detail` names the error and the remedy.
    pub fn new(kind: ProblemKind, detail: impl Into<String>) -> Self {
        Self::with_errors(kind, detail.into(), FieldErrors::default())
    }

    fn with_errors(kind: ProblemKind, detail: String, errors: FieldErrors) -> Self {
        Self { kind, detail, errors, existing_id: None, retry_after: kind.retry_after() }
    }

    /// 429: the caller may go on in `seconds`, at least 1.
    pub fn rate_limited(detail: impl Into<String>, seconds: u64) -> Self {
        let problem = Self::new(ProblemKind::RateLimited, detail);
        Self { retry_after: Some(seconds.max(1)), ..problem }
    }

    /// 429: the account has `max` of `resources`, all that it may have.
    pub fn quota_exceeded(max: u32, resources: &str) -> Self {
        Self::new(
            ProblemKind::QuotaExceeded,
            format!(
                "The account has reached its quota of {max} {resources}. Delete some, or ask the \
                 platform to raise the quota."
            ),
        )
    }

    /// 422: these fields of the body are invalid.
    pub fn invalid_fields(errors: FieldErrors) -> Self {
        Self::with_errors(ProblemKind::InvalidFields, errors.to_string(), errors)
    }

    /// 400: these query parameters or headers are invalid.
    pub fn invalid_parameters(errors: FieldErrors) -> Self {
        Self::with_errors(ProblemKind::InvalidRequest, errors.to_string(), errors)
    }

    /// 401: the request has no valid key.
    pub fn no_key() -> Self {
        let detail = "Send an API key: `Authorization: Bearer chk_…`.";
        Self::new(ProblemKind::Unauthorized, detail)
    }

    /// 403: the account is being erased.
    pub fn account_erasing(account: &AccountId) -> Self {
        let detail = format!(
            "The account `{account}` is being erased permanently: its keys no longer work, and its \
             data can be neither read nor changed. Ask the platform if that is a mistake."
        );
        Self::new(ProblemKind::AccountErasing, detail)
    }

    /// 409: the resource exists already, with this id.
    pub fn exists(detail: impl Into<String>, id: impl fmt::Display) -> Self {
        let problem = Self::new(ProblemKind::Conflict, detail);
        Self { existing_id: Some(id.to_string()), ..problem }
    }

    /// 404: the account has no such `thing`.
    pub fn no_such(thing: &str) -> Self {
        Self::new(ProblemKind::NotFound, format!("There is no such {thing} in this account."))
    }

    /// The problem as JSON.
    pub fn to_value(&self) -> serde_json::Value {
        serde_json::to_value(self.body()).unwrap_or_default()
    }

    fn body(&self) -> Body<'_> {
        Body {
            r#type: format!("{}{}", ProblemKind::TYPE_PREFIX, self.kind.slug()),
            title: self.kind.title(),
            status: self.kind.status().as_u16(),
            detail: &self.detail,
            errors: self.errors.iter().next().map(|_| &self.errors),
            existing_id: self.existing_id.as_deref(),
        }
    }

    /// The problem as an HTTP response.
    pub fn into_http<B: From<String> + Default>(self) -> Response<B> {
        let body = serde_json::to_string(&self.body()).unwrap_or_default();
        let mut response = Response::new(B::from(body));
        *response.status_mut() = self.kind.status();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(seconds) = self.retry_after {
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> axum::response::Response {
        self.into_http()
    }
}

impl From<StoreError> for Problem {
    /// Logs the error with its causes; the caller gets a sentence without them.
    fn from(error: StoreError) -> Self {
        tracing::error!(error = %ErrorChain(&error), "store request failed");
        match error {
            StoreError::Unavailable { .. } => Self::new(
                ProblemKind::Unavailable,
                "The database did not respond. Try again shortly.",
            ),
            StoreError::Corrupt { .. } => Self::new(
                ProblemKind::Internal,
                "A stored item cannot be read. Report the request's id to the operator.",
            ),
        }
    }
}
