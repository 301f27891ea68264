//! Responses with the outcome of each report.

use callhook::domain::ids::ReportId;
use callhook::http_api::{Problem, ProblemKind, json_reply};
use callhook::input::fields::FieldError;
use callhook::runtime::telemetry::metrics::Counter;
use http::StatusCode;
use lambda_http::{Body, Response};
use serde::Serialize;
use serde_json::Value;

/// The outcome of a report.
pub(crate) enum Outcome {
    /// SQS stored it.
    Accepted(Accepted),
    /// It is invalid.
    Refused(Problem),
    /// It is valid, but SQS failed; the caller should send it again.
    NotQueued,
}

impl Outcome {
    /// The metric that counts it.
    pub(crate) fn counter(&self) -> Counter {
        match self {
            Self::Accepted(_) => Counter::ReportsAccepted,
            Self::Refused(_) => Counter::ReportsRefused,
            Self::NotQueued => Counter::ReportsNotQueued,
        }
    }

    fn into_result(self) -> Result<Accepted, Problem> {
        match self {
            Self::Accepted(accepted) => Ok(accepted),
            Self::Refused(problem) => Err(problem),
            Self::NotQueued => Err(Problem::new(
                ProblemKind::Unavailable,
                "The report was not queued. Send it again.",
            )),
        }
    }
}

/// A report that was accepted.
#[derive(Serialize)]
pub(crate) struct Accepted {
    pub(crate) id: ReportId,
    /// Fields whose values are invalid, and which count as absent.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) warnings: Vec<FieldError>,
}

/// Answers a request with one report: 202 with its id, or the problem.
pub(crate) fn single(outcome: Outcome) -> Response<Body> {
    match outcome.into_result() {
        Ok(accepted) => json_reply(StatusCode::ACCEPTED, &accepted),
        Err(problem) => problem.into_http(),
    }
}

#[derive(Serialize)]
struct ArrayAnswer {
    accepted: usize,
    refused: usize,
    reports: Vec<Item>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Item {
    Accepted {
        index: usize,
        id: ReportId,
        #[serde(skip_serializing_if = "Vec::is_empty")]
        warnings: Vec<FieldError>,
    },
    Refused {
        index: usize,
        error: Value,
    },
}

/// Answers a request with an array, item by item: 202 if all are accepted, 207 if some are, 503 if
/// none is and a retry may succeed, else 422.
pub(crate) fn array(outcomes: Vec<Outcome>) -> Response<Body> {
    let some_not_queued = outcomes.iter().any(|outcome| matches!(outcome, Outcome::NotQueued));
    let reports: Vec<_> = outcomes
        .into_iter()
        .enumerate()
        .map(|(index, outcome)| match outcome.into_result() {
            Ok(Accepted { id, warnings }) => Item::Accepted { index, id, warnings },
            Err(problem) => Item::Refused { index, error: problem.to_value() },
        })
        .collect();
    let accepted = reports.iter().filter(|item| matches!(item, Item::Accepted { .. })).count();
    let refused = reports.len() - accepted;
    let status = match (accepted, refused) {
        (_, 0) => StatusCode::ACCEPTED,
        (0, _) if some_not_queued => StatusCode::SERVICE_UNAVAILABLE,
        (0, _) => StatusCode::UNPROCESSABLE_ENTITY,
        _ => StatusCode::MULTI_STATUS,
    };
    json_reply(status, &ArrayAnswer { accepted, refused, reports })
}
