//! Answers that many operations share: problems, and what API Gateway says itself.

use callhook::fields::FieldErrors;
use callhook::http_api::ProblemKind;
use http::StatusCode;
use serde_json::Value;
use utoipa::openapi::header::{Header, HeaderBuilder};
use utoipa::openapi::response::{Response, ResponseBuilder};
use utoipa::openapi::{ContentBuilder, Ref, RefOr, Schema};

use crate::schema::{Describe as _, count, integer, list, named, object, string};

/// What API Gateway says itself: that there is no key, that it is wrong, that there are too many
/// requests, that a function failed. Its answers have a shape of their own.
const OF_THE_GATEWAY: [StatusCode; 6] = [
    StatusCode::UNAUTHORIZED,
    StatusCode::FORBIDDEN,
    StatusCode::PAYLOAD_TOO_LARGE,
    StatusCode::TOO_MANY_REQUESTS,
    StatusCode::INTERNAL_SERVER_ERROR,
    StatusCode::SERVICE_UNAVAILABLE,
];

/// An answer without a body.
pub(crate) fn empty(says: &str) -> ResponseBuilder {
    let id = header("The id of the request, which also stands in the access log.", string());
    ResponseBuilder::new().description(says).header("x-request-id", id)
}

/// An answer that is JSON, such as `example`.
pub(crate) fn json(says: &str, shape: impl Into<RefOr<Schema>>, example: Value) -> ResponseBuilder {
    let content = ContentBuilder::new().schema(Some(shape)).example(Some(example)).build();
    empty(says).content("application/json", content)
}

/// A refusal that is JSON.
pub(crate) fn refused(says: &str, shape: impl Into<RefOr<Schema>>) -> ResponseBuilder {
    empty(says).content("application/json", content(shape))
}

/// A header of an answer.
pub(crate) fn header(says: &str, shape: impl Into<RefOr<Schema>>) -> Header {
    HeaderBuilder::new().description(Some(says)).schema(Some(shape)).build()
}

/// Where something that was made is found.
pub(crate) fn location() -> Header {
    header("The path of what was made.", string())
}

/// The version of what is answered.
pub(crate) fn etag() -> Header {
    header("The version, for `If-Match`.", string())
}

/// The shared answer of a status.
pub(crate) fn refusal(status: StatusCode) -> Ref {
    Ref::from_response_name(name(status))
}

/// The answers that operations refer to: one for every status of a problem.
pub(crate) fn responses() -> impl Iterator<Item = (String, RefOr<Response>)> {
    let mut statuses: Vec<_> = ProblemKind::ALL.iter().map(|kind| kind.status()).collect();
    // No operation is answered so: it says that the path has no operation of this method.
    statuses.retain(|status| *status != StatusCode::METHOD_NOT_ALLOWED);
    statuses.sort_unstable();
    statuses.dedup();
    statuses.into_iter().map(|status| (name(status), response(status).into()))
}

/// The shapes of these answers.
pub(crate) fn schemas() -> [(&'static str, RefOr<Schema>); 3] {
    let types = ProblemKind::ALL.iter();
    let types = types.map(|kind| format!("{}{}", ProblemKind::TYPE_PREFIX, kind.slug()));
    let problem = object()
        .describe("RFC 9457 problem details.")
        .property(
            "type",
            string().enum_values(Some(types)).describe("What went wrong, for programs."),
        )
        .property("title", string())
        .property("status", integer(400..=599))
        .property("detail", string().describe("What went wrong, for people: a sentence."))
        .property(
            "errors",
            list(named("FieldError"))
                .max_items(Some(FieldErrors::MAX + 1))
                .describe("Every wrong field; the first ones of many."),
        )
        .property(
            "existing_id",
            string().describe("What was to be made exists already, under this id."),
        )
        .required("type")
        .required("title")
        .required("status")
        .required("detail");
    let field_error = object()
        .describe("What is wrong with a field, or may be.")
        .property("field", string().describe("The field's path, such as `retry.schedule[2]`."))
        .property("message", string().describe("Completes “`field` …”."))
        .required("field")
        .required("message");
    let message = object()
        .describe("What API Gateway answers without asking a function.")
        .property("message", string().describe("Why."))
        .required("message");
    [
        ("Problem", problem.into()),
        ("FieldError", field_error.into()),
        ("GatewayMessage", message.into()),
    ]
}

fn name(status: StatusCode) -> String {
    status.canonical_reason().unwrap_or_default().replace(' ', "")
}

fn response(status: StatusCode) -> ResponseBuilder {
    let kinds: Vec<_> = ProblemKind::ALL
        .iter()
        .filter(|kind| kind.status() == status)
        .map(|kind| format!("`{}`", kind.slug()))
        .collect();
    let mut response =
        empty(&kinds.join(" or ")).content("application/problem+json", content(named("Problem")));
    if OF_THE_GATEWAY.contains(&status) {
        response = response.content("application/json", content(named("GatewayMessage")));
    }
    if matches!(status, StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE) {
        let seconds = count().describe("Seconds.");
        response = response.header("retry-after", header("When to try again.", seconds));
    }
    response
}

fn content(shape: impl Into<RefOr<Schema>>) -> utoipa::openapi::Content {
    ContentBuilder::new().schema(Some(shape)).build()
}
