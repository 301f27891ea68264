//! Shared responses: problems, and those of API Gateway itself.

use callhook::http_api::ProblemKind;
use callhook::input::fields::FieldErrors;
use http::StatusCode;
use serde_json::Value;
use utoipa::openapi::header::{Header, HeaderBuilder};
use utoipa::openapi::response::{Response, ResponseBuilder};
use utoipa::openapi::{ContentBuilder, Ref, RefOr, Schema};

use crate::schema::{Describe as _, count, integer, list, named, object, string};

/// Statuses that API Gateway itself answers with, in its own format: a missing or invalid key, throttling, a failed
/// function.
const GATEWAY_STATUSES: [StatusCode; 6] = [
    StatusCode::UNAUTHORIZED,
    StatusCode::FORBIDDEN,
    StatusCode::PAYLOAD_TOO_LARGE,
    StatusCode::TOO_MANY_REQUESTS,
    StatusCode::INTERNAL_SERVER_ERROR,
    StatusCode::SERVICE_UNAVAILABLE,
];

/// A response without a body.
pub(crate) fn empty(description: &str) -> ResponseBuilder {
    let id = header("The id of the request, also in the access log.", string());
    ResponseBuilder::new().description(description).header("x-request-id", id)
}

/// A JSON response with an example.
pub(crate) fn json(
    description: &str,
    shape: impl Into<RefOr<Schema>>,
    example: Value,
) -> ResponseBuilder {
    let content = ContentBuilder::new().schema(Some(shape)).example(Some(example)).build();
    empty(description).content("application/json", content)
}

/// A JSON response without an example.
pub(crate) fn json_without_example(
    description: &str,
    shape: impl Into<RefOr<Schema>>,
) -> ResponseBuilder {
    empty(description).content("application/json", content(shape))
}

/// A response header.
pub(crate) fn header(description: &str, shape: impl Into<RefOr<Schema>>) -> Header {
    HeaderBuilder::new().description(Some(description)).schema(Some(shape)).build()
}

/// The `Location` header of a created resource.
pub(crate) fn location() -> Header {
    header("The path of the created resource.", string())
}

/// The `ETag` header.
pub(crate) fn etag() -> Header {
    header("The version of the resource, for `If-Match`.", string())
}

/// A reference to the shared response of a status.
pub(crate) fn problem_ref(status: StatusCode) -> Ref {
    Ref::from_response_name(name(status))
}

/// The shared responses: one for each status of a problem.
pub(crate) fn responses() -> impl Iterator<Item = (String, RefOr<Response>)> {
    let mut statuses: Vec<_> = ProblemKind::ALL.iter().map(|kind| kind.status()).collect();
    // No operation answers 405: it means that the path has no such operation.
    statuses.retain(|status| *status != StatusCode::METHOD_NOT_ALLOWED);
    statuses.sort_unstable();
    statuses.dedup();
    statuses.into_iter().map(|status| (name(status), response(status).into()))
}

/// The schemas of the shared responses.
pub(crate) fn schemas() -> [(&'static str, RefOr<Schema>); 3] {
    let types = ProblemKind::ALL.iter();
    let types = types.map(|kind| format!("{}{}", ProblemKind::TYPE_PREFIX, kind.slug()));
    let problem = object()
        .describe("RFC 9457 problem details.")
        .property(
            "type",
            string().enum_values(Some(types)).describe("The kind of problem, for programs."),
        )
        .property("title", string())
        .property("status", integer(400..=599))
        .property("detail", string().describe("What went wrong, as a sentence for people."))
        .property(
            "errors",
            list(named("FieldError"))
                .max_items(Some(FieldErrors::MAX + 1))
                .describe("The invalid fields, up to a maximum."),
        )
        .property("existing_id", string().describe("The id of the resource that exists already."))
        .required("type")
        .required("title")
        .required("status")
        .required("detail");
    let field_error = object()
        .describe("An error or a warning about a field.")
        .property("field", string().describe("The field's path, such as `retry.schedule[2]`."))
        .property("message", string().describe("Completes a sentence: “`field` …”."))
        .required("field")
        .required("message");
    let message = object()
        .describe("A response of API Gateway itself, without a function.")
        .property("message", string().describe("The reason."))
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
    if GATEWAY_STATUSES.contains(&status) {
        response = response.content("application/json", content(named("GatewayMessage")));
    }
    if matches!(status, StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE) {
        let seconds = count().describe("Seconds.");
        response =
            response.header("retry-after", header("When to send the request again.", seconds));
    }
    response
}

fn content(shape: impl Into<RefOr<Schema>>) -> utoipa::openapi::Content {
    ContentBuilder::new().schema(Some(shape)).build()
}
