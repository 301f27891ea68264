//! Successful responses, and the request id of every response.

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use http::header::{CONTENT_TYPE, LOCATION};
use http::{Extensions, HeaderName, HeaderValue, StatusCode};
use lambda_http::request::RequestContext;
use serde::Serialize;

use super::problem::{Problem, ProblemKind};

/// The header with the request's id. The access log of the API gateway has it too.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// A JSON response.
pub fn json_reply<B: From<String>>(
    status: StatusCode,
    value: &impl Serialize,
) -> http::Response<B> {
    // Our response types always serialize.
    let body = serde_json::to_string(value).unwrap_or_default();
    let mut response = http::Response::new(B::from(body));
    *response.status_mut() = status;
    let json = HeaderValue::from_static("application/json");
    response.headers_mut().insert(CONTENT_TYPE, json);
    response
}

/// 201: `value` was created at `location`.
pub fn created(location: &str, value: &impl Serialize) -> Response {
    with_location(StatusCode::CREATED, location, value)
}

/// 202: work on `value`, at `location`, has begun.
pub fn accepted(location: &str, value: &impl Serialize) -> Response {
    with_location(StatusCode::ACCEPTED, location, value)
}

fn with_location(status: StatusCode, location: &str, value: &impl Serialize) -> Response {
    let mut response = json_reply(status, value);
    if let Ok(location) = HeaderValue::from_str(location) {
        response.headers_mut().insert(LOCATION, location);
    }
    response
}

/// 204, without a body.
pub fn no_content() -> Response {
    let mut response = Response::default();
    *response.status_mut() = StatusCode::NO_CONTENT;
    response
}

/// The id that the API gateway gave the request.
pub fn request_id(extensions: &Extensions) -> Option<HeaderValue> {
    match extensions.get() {
        Some(RequestContext::ApiGatewayV2(context)) => {
            context.request_id.as_deref().and_then(|id| HeaderValue::from_str(id).ok())
        }
        _ => None,
    }
}

/// Middleware that adds the request's id to every response.
pub async fn with_request_id(request: Request, next: Next) -> Response {
    let id = request_id(request.extensions());
    let mut response = next.run(request).await;
    if let Some(id) = id {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    response
}

/// 404, for paths without a route.
pub async fn not_found() -> Problem {
    Problem::new(ProblemKind::NotFound, "No resource at this path.")
}

/// 405, for methods that a path does not have.
pub async fn method_not_allowed() -> Problem {
    Problem::new(ProblemKind::MethodNotAllowed, "This path does not support this method.")
}
