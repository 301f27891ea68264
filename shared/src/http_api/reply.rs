//! Answers that are not errors, and what every answer carries.

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use http::header::{CONTENT_TYPE, LOCATION};
use http::{Extensions, HeaderName, HeaderValue, StatusCode};
use lambda_http::request::RequestContext;
use serde::Serialize;

use super::problem::{Problem, ProblemKind};

/// The header with the request's id, which also stands in the access log of the API gateway.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// `value` as a JSON answer.
pub fn json_reply<B: From<String>>(
    status: StatusCode,
    value: &impl Serialize,
) -> http::Response<B> {
    // Our own answer types always serialize.
    let body = serde_json::to_string(value).unwrap_or_default();
    let mut response = http::Response::new(B::from(body));
    *response.status_mut() = status;
    let json = HeaderValue::from_static("application/json");
    response.headers_mut().insert(CONTENT_TYPE, json);
    response
}

/// 201: `value` was made and is found at `location`.
pub fn created(location: &str, value: &impl Serialize) -> Response {
    located(StatusCode::CREATED, location, value)
}

/// 202: `value` is under way and is found at `location`.
pub fn accepted(location: &str, value: &impl Serialize) -> Response {
    located(StatusCode::ACCEPTED, location, value)
}

fn located(status: StatusCode, location: &str, value: &impl Serialize) -> Response {
    let mut response = json_reply(status, value);
    if let Ok(location) = HeaderValue::from_str(location) {
        response.headers_mut().insert(LOCATION, location);
    }
    response
}

/// 204: done, and there is nothing to say.
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

/// Middleware: every answer carries the request's id.
pub async fn with_request_id(request: Request, next: Next) -> Response {
    let id = request_id(request.extensions());
    let mut response = next.run(request).await;
    if let Some(id) = id {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    response
}

/// The answer for paths that no route has.
pub async fn not_found() -> Problem {
    Problem::new(ProblemKind::NotFound, "There is nothing at this path.")
}

/// The answer for methods that a path does not have.
pub async fn method_not_allowed() -> Problem {
    Problem::new(ProblemKind::MethodNotAllowed, "This path does not have this method.")
}
