//! Serving requests of the API gateway.

use std::fmt;

use lambda_http::lambda_runtime::{self, Diagnostic};
use lambda_http::request::LambdaRequest;
use lambda_http::tower::ServiceExt as _;
use lambda_http::{Adapter, Error, IntoResponse, LambdaEvent, Request, Service};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

/// What no query may hold as it is (RFC 3986). The gateway passes a query on as the client wrote it.
const NOT_IN_QUERIES: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b'#').add(b'<').add(b'>');

/// Answers the requests of the API gateway with `handler`, one after the other.
pub async fn serve<'a, R, S, E>(handler: S) -> Result<(), Error>
where
    S: Service<Request, Response = R, Error = E>,
    S::Future: Send + 'a,
    R: IntoResponse,
    E: fmt::Debug + Into<Diagnostic>,
{
    let readable = |mut event: LambdaEvent<LambdaRequest>| {
        event.payload = readable(event.payload);
        event
    };
    lambda_runtime::run(Adapter::from(handler).map_request(readable)).await
}

/// The request with a query that can be read: `lambda_http` panics at any other, which the client
/// would see as an error of ours.
pub(crate) fn readable(mut request: LambdaRequest) -> LambdaRequest {
    if let LambdaRequest::ApiGatewayV2(event) = &mut request {
        let query = event.raw_query_string.as_deref();
        event.raw_query_string =
            query.map(|query| utf8_percent_encode(query, NOT_IN_QUERIES).to_string());
    }
    request
}
