//! The body of a request: one report, or an array of them.

use std::fmt;

use callhook::domain::event::Event;
use callhook::domain::report::id::IdempotencyKey;
use callhook::domain::report::{Report, ReportError, ReportRejection};
use callhook::http_api::{Expected, Problem, ProblemKind, double_encoding_hint, utf8};
use callhook::input::fields::FieldErrors;
use callhook::input::json::JsonError;
use http::HeaderMap;
use serde::de::{Deserialize, Deserializer, IgnoredAny, SeqAccess, Visitor};
use serde_json::value::RawValue;

use crate::hint;

/// The reports of a request. In an array, each is parsed or refused on its own.
pub(crate) enum Body {
    /// The body is one report.
    Single(Report),
    /// The body is an array.
    Array(Vec<Result<Report, Problem>>),
}

impl Body {
    /// Parses a body. An error refuses the whole request.
    pub(crate) fn parse(body: &[u8], headers: &HeaderMap) -> Result<Self, Problem> {
        if body.len() > Report::MAX_REQUEST_BYTES {
            let (size, most) = (body.len(), Report::MAX_REQUEST_BYTES);
            let detail = format!(
                "The body has {size} bytes; at most {most} are accepted. Send fewer reports at once."
            );
            return Err(Problem::new(ProblemKind::TooLarge, detail));
        }
        let text = utf8(body, headers, Expected::REPORTS)?;
        let not_json = |error| Problem::not_json(text, headers, &error, Expected::REPORTS);
        if !text.trim_ascii_start().starts_with('[') {
            return match Report::parse_submitted(text.trim_ascii_end()) {
                Ok(report) => Ok(Self::Single(report)),
                Err(ReportRejection::Unreadable(ReportError::Malformed(error))) => {
                    Err(not_json(error))
                }
                Err(ReportRejection::Unreadable(error @ ReportError::NotAnObject(_))) => {
                    let detail = format!("{}{}.", capitalized(&error), double_encoding_hint(text));
                    Err(Problem::new(ProblemKind::MalformedJson, detail))
                }
                Err(error) => Err(rejection_problem(error)),
            };
        }
        let items: Items =
            serde_json::from_str(text).map_err(|error| not_json(JsonError::Malformed(error)))?;
        if !(1..=Report::MAX_IN_REQUEST).contains(&items.count) {
            let detail = format!(
                "The array holds {} reports; send 1 to {} at once.",
                items.count,
                Report::MAX_IN_REQUEST
            );
            return Err(Problem::new(ProblemKind::InvalidRequest, detail));
        }
        Ok(Self::Array(items.first.iter().map(|item| parse_item(item.get())).collect()))
    }
}

/// The items of an array; those beyond [`Report::MAX_IN_REQUEST`] are counted only.
struct Items<'a> {
    first: Vec<&'a RawValue>,
    count: usize,
}

impl<'de> Deserialize<'de> for Items<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(ItemsVisitor)
    }
}

struct ItemsVisitor;

impl<'de> Visitor<'de> for ItemsVisitor {
    type Value = Items<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of reports")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Items<'de>, A::Error> {
        let mut first = Vec::new();
        while first.len() < Report::MAX_IN_REQUEST {
            match items.next_element()? {
                Some(item) => first.push(item),
                None => break,
            }
        }
        let mut count = first.len();
        while items.next_element::<IgnoredAny>()?.is_some() {
            count += 1;
        }
        Ok(Items { first, count })
    }
}

fn parse_item(json: &str) -> Result<Report, Problem> {
    Report::parse_submitted(json).map_err(rejection_problem)
}

/// The problem of a refused report. Positions in an array's item count from the item's start.
fn rejection_problem(error: ReportRejection) -> Problem {
    match error {
        ReportRejection::Unreadable(
            error @ (ReportError::TooLarge(_) | ReportError::TooComplex),
        ) => Problem::new(ProblemKind::TooLarge, format!("{}.", capitalized(&error))),
        ReportRejection::Unreadable(
            error @ (ReportError::Malformed(_) | ReportError::NotAnObject(_)),
        ) => Problem::new(ProblemKind::MalformedJson, format!("{}.", capitalized(&error))),
        ReportRejection::Unreadable(ReportError::Invalid(errors)) => {
            Problem::invalid_fields(errors)
        }
        ReportRejection::OperationalEvent => {
            let message = format_args!(
                "must not begin with `{}`, which is reserved for Callhook",
                Event::OPERATIONAL_PREFIX
            );
            Problem::invalid_fields(FieldErrors::of("event", message))
        }
        ReportRejection::NoCallFields(report) => {
            Problem::new(ProblemKind::InvalidFields, hint::no_call_fields(&report))
        }
    }
}

fn capitalized(error: &ReportError) -> String {
    let text = error.to_string();
    let mut chars = text.chars();
    chars
        .next()
        .map_or(String::new(), |first| format!("{}{}", first.to_uppercase(), chars.as_str()))
}

/// The request's `Idempotency-Key`: 1 to [`IdempotencyKey::MAX_LEN`] visible ASCII characters.
pub(crate) fn idempotency_key(headers: &HeaderMap) -> Result<Option<&str>, Problem> {
    let Some(value) = headers.get("idempotency-key") else {
        return Ok(None);
    };
    match value.to_str().ok().filter(|key| IdempotencyKey::is_valid(key)) {
        Some(key) => Ok(Some(key)),
        None => Err(Problem::invalid_parameters(FieldErrors::of(
            "Idempotency-Key",
            format_args!("must be 1 to {} visible ASCII characters", IdempotencyKey::MAX_LEN),
        ))),
    }
}
