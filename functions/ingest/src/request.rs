//! What a caller sends: one report, or an array of them.

use callhook::fields::FieldErrors;
use callhook::http_api::{Problem, ProblemKind};
use callhook::operational::OperationalEvent;
use callhook::report::{Report, ReportError};
use http::HeaderMap;
use serde_json::value::RawValue;

/// API Gateway takes 10 MB and Lambda 6 MB; this leaves room for the event around the body.
const MAX_BODY_BYTES: usize = 5 * 1024 * 1024;
/// The most reports in an array.
const MAX_REPORTS: usize = Report::MAX_IN_REQUEST;

/// The reports of a request, each read or refused on its own.
pub(crate) enum Body {
    /// The body is one report.
    Single(Report),
    /// The body is an array.
    Array(Vec<Result<Report, Problem>>),
}

impl Body {
    /// Reads a body. An error concerns all of it.
    pub(crate) fn parse(body: &[u8]) -> Result<Self, Problem> {
        if body.len() > MAX_BODY_BYTES {
            let detail = format!(
                "The body has {} bytes; at most {MAX_BODY_BYTES} are taken. Send fewer reports \
                 at once.",
                body.len()
            );
            return Err(Problem::new(ProblemKind::TooLarge, detail));
        }
        let text = std::str::from_utf8(body).map_err(|error| {
            let at = error.valid_up_to();
            let detail = format!("The body is not UTF-8: the byte at offset {at} is wrong.");
            Problem::new(ProblemKind::MalformedJson, detail)
        })?;
        if !text.trim_ascii_start().starts_with('[') {
            return read(text.trim_ascii()).map(Self::Single);
        }
        let items: Vec<&RawValue> =
            serde_json::from_str(text).map_err(|error| malformed(&error))?;
        if items.is_empty() || items.len() > MAX_REPORTS {
            let detail = format!(
                "The array holds {} reports; send 1 to {MAX_REPORTS} at once.",
                items.len()
            );
            return Err(Problem::new(ProblemKind::InvalidRequest, detail));
        }
        Ok(Self::Array(items.iter().map(|item| read(item.get())).collect()))
    }
}

/// A report that a platform may hand over.
fn read(json: &str) -> Result<Report, Problem> {
    let report = Report::parse(json).map_err(refusal)?;
    if report.event().is_operational() {
        let message = format_args!(
            "must not begin with `{}`, as Callhook's own do",
            OperationalEvent::PREFIX
        );
        return Err(Problem::invalid_fields(FieldErrors::of("event", message)));
    }
    Ok(report)
}

fn malformed(error: &serde_json::Error) -> Problem {
    Problem::new(ProblemKind::MalformedJson, format!("The body is not JSON: {error}."))
}

fn refusal(error: ReportError) -> Problem {
    match error {
        ReportError::TooLarge(_) | ReportError::TooComplex => {
            Problem::new(ProblemKind::TooLarge, sentence(&error))
        }
        ReportError::Malformed(error) => malformed(&error),
        ReportError::NotAnObject(_) => Problem::new(ProblemKind::MalformedJson, sentence(&error)),
        ReportError::Invalid(errors) => Problem::invalid_fields(errors),
    }
}

fn sentence(error: &ReportError) -> String {
    let text = error.to_string();
    let mut chars = text.chars();
    chars
        .next()
        .map_or(String::new(), |first| format!("{}{}.", first.to_uppercase(), chars.as_str()))
}

/// The request's `Idempotency-Key`: 1 to 255 visible ASCII characters.
pub(crate) fn idempotency_key(headers: &HeaderMap) -> Result<Option<&str>, Problem> {
    let Some(value) = headers.get("idempotency-key") else {
        return Ok(None);
    };
    let key = value.to_str().ok().filter(|key| {
        (1..=255).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic())
    });
    match key {
        Some(key) => Ok(Some(key)),
        None => Err(Problem::invalid_parameters(FieldErrors::of(
            "Idempotency-Key",
            "must be 1 to 255 visible ASCII characters",
        ))),
    }
}
