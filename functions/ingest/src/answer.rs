//! What the caller gets to know of each report.

use callhook::domain::ids::ReportId;
use callhook::http_api::{Problem, ProblemKind, json_reply};
use callhook::input::fields::FieldError;
use callhook::runtime::telemetry::metrics::Counter;
use http::StatusCode;
use lambda_http::{Body, Response};
use serde::Serialize;
use serde_json::Value;

/// What became of a report of the request.
pub(crate) enum Outcome {
    /// SQS holds it.
    Accepted(Accepted),
    /// It cannot be taken as it is.
    Refused(Problem),
    /// It could be taken, but SQS did not; to be sent again.
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

    fn problem(self) -> Result<Accepted, Problem> {
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
    /// Fields that count as absent because of what they hold.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) warnings: Vec<FieldError>,
}

/// Answers a request with one report: 202 with its id, or the problem.
pub(crate) fn single(outcome: Outcome) -> Response<Body> {
    match outcome.problem() {
        Ok(accepted) => json_reply(StatusCode::ACCEPTED, &accepted),
        Err(problem) => problem.into_http(),
    }
}

#[derive(Serialize)]
struct Batch {
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

/// Answers a request with an array, item by item. 202: all were accepted; 207: some; else none,
/// and 503 if sending the same again may help, 422 if not.
pub(crate) fn array(outcomes: Vec<Outcome>) -> Response<Body> {
    let some_not_queued = outcomes.iter().any(|outcome| matches!(outcome, Outcome::NotQueued));
    let reports: Vec<_> = outcomes
        .into_iter()
        .enumerate()
        .map(|(index, outcome)| match outcome.problem() {
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
    json_reply(status, &Batch { accepted, refused, reports })
}
