//! Errors as RFC 9457 problem details: a stable `type`, a sentence for a person, and every
//! wrong field.

use std::fmt;

use axum::response::IntoResponse;
use http::header::{CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderValue, Response, StatusCode};
use serde::Serialize;
use strum::VariantArray;

use crate::account::AccountId;
use crate::fields::FieldErrors;
use crate::store::StoreError;
use crate::telemetry::ErrorChain;

/// The kinds of problems; each is a `type` and a status (`docs/api.md` lists them).
#[derive(Debug, Clone, Copy, PartialEq, Eq, VariantArray)]
pub enum ProblemKind {
    /// The body is not JSON.
    MalformedJson,
    /// A header or the query is wrong.
    InvalidRequest,
    /// No key, or none that is known.
    Unauthorized,
    /// The key may not do this.
    Forbidden,
    /// The account of the key, or the one that it acts for, is being erased.
    AccountErasing,
    /// There is no such thing in this account.
    NotFound,
    /// The path is known, the method is not.
    MethodNotAllowed,
    /// It exists already, or was changed meanwhile.
    Conflict,
    /// `If-Match` names another version.
    PreconditionFailed,
    /// The body, or a part of it, is too large.
    TooLarge,
    /// Fields have wrong types or values.
    InvalidFields,
    /// The account has as many of these as it may have.
    QuotaExceeded,
    /// The account sends more in a time than it may.
    RateLimited,
    /// Something went wrong here; sending it again may help.
    Unavailable,
    /// Something is wrong here; sending it again will not help.
    Internal,
}

impl ProblemKind {
    /// Every kind.
    pub const ALL: &'static [Self] = Self::VARIANTS;
    /// What every `type` begins with.
    pub const TYPE_PREFIX: &str = "urn:callhook:problem:";

    /// The last part of the `type`.
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

    /// The status of the answer.
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
            Self::MalformedJson => "The body is not the JSON that is expected",
            Self::InvalidRequest => "The request is wrong",
            Self::Unauthorized => "Not authorized",
            Self::Forbidden => "The key may not do this",
            Self::AccountErasing => "The account is being erased",
            Self::NotFound => "Not found",
            Self::MethodNotAllowed => "Method not allowed",
            Self::Conflict => "Conflict",
            Self::PreconditionFailed => "The resource was changed",
            Self::TooLarge => "Too large",
            Self::InvalidFields => "Fields are wrong",
            Self::QuotaExceeded => "The quota of the account is used up",
            Self::RateLimited => "Too many at a time",
            Self::Unavailable => "Temporarily unavailable",
            Self::Internal => "Internal error",
        }
    }

    /// What `Retry-After` says, in seconds, if nothing better is known.
    fn retry_after(self) -> Option<u64> {
        match self {
            Self::RateLimited | Self::Unavailable => Some(1),
            // Somebody has to delete something, or to ask the platform for more.
            Self::QuotaExceeded => Some(60),
            _ => None,
        }
    }
}

/// An answer that is an error.
#[derive(Debug)]
pub struct Problem {
    kind: ProblemKind,
    detail: String,
    errors: FieldErrors,
    /// The id of what is there already.
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
    /// A problem with a sentence that says what was wrong and what to do.
    pub fn new(kind: ProblemKind, detail: impl Into<String>) -> Self {
        Self::with_errors(kind, detail.into(), FieldErrors::default())
    }

    fn with_errors(kind: ProblemKind, detail: String, errors: FieldErrors) -> Self {
        Self { kind, detail, errors, existing_id: None, retry_after: kind.retry_after() }
    }

    /// Too much at a time; in `seconds` it may go on.
    pub fn rate_limited(detail: impl Into<String>, seconds: u64) -> Self {
        let problem = Self::new(ProblemKind::RateLimited, detail);
        Self { retry_after: Some(seconds.max(1)), ..problem }
    }

    /// The account may have `most` of `things`, and has no room for another.
    pub fn quota_exceeded(most: u32, things: &str) -> Self {
        Self::new(
            ProblemKind::QuotaExceeded,
            format!(
                "The account may have {most} {things} and has no room for another. Delete some, or \
                 have the platform raise the quota."
            ),
        )
    }

    /// The body could be read, but these fields are wrong.
    pub fn invalid_fields(errors: FieldErrors) -> Self {
        Self::with_errors(ProblemKind::InvalidFields, errors.to_string(), errors)
    }

    /// These parameters of the query or headers are wrong.
    pub fn invalid_parameters(errors: FieldErrors) -> Self {
        Self::with_errors(ProblemKind::InvalidRequest, errors.to_string(), errors)
    }

    /// The request has no key.
    pub fn no_key() -> Self {
        let detail = "Send an API key: `Authorization: Bearer chk_…`.";
        Self::new(ProblemKind::Unauthorized, detail)
    }

    /// Everything that is stored of the account is being deleted.
    pub fn account_erasing(account: &AccountId) -> Self {
        let detail = format!(
            "The account `{account}` is being erased for good: its keys can do nothing any more, \
             and nothing of it can be read or changed. Ask the platform if that is a mistake."
        );
        Self::new(ProblemKind::AccountErasing, detail)
    }

    /// What was to be made exists already, under this id.
    pub fn exists(detail: impl Into<String>, id: impl fmt::Display) -> Self {
        let problem = Self::new(ProblemKind::Conflict, detail);
        Self { existing_id: Some(id.to_string()), ..problem }
    }

    /// There is no `thing` of this name in the account.
    pub fn no_such(thing: &str) -> Self {
        Self::new(ProblemKind::NotFound, format!("There is no such {thing} in this account."))
    }

    /// The JSON of the problem.
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
    /// The log gets the causes, the caller a sentence without them.
    fn from(error: StoreError) -> Self {
        tracing::error!(error = %ErrorChain(&error), "the store failed");
        match error {
            StoreError::Unavailable { .. } => {
                Self::new(ProblemKind::Unavailable, "The store did not answer. Try again shortly.")
            }
            StoreError::Corrupt { .. } => Self::new(
                ProblemKind::Internal,
                "A stored item cannot be read. Tell the operator, with the request's id.",
            ),
        }
    }
}
