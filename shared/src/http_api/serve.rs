//! Serving requests of the API gateway.

use std::fmt;

use http::Uri;
use lambda_http::lambda_runtime::{self, Diagnostic};
use lambda_http::request::{LambdaRequest, RequestContext};
use lambda_http::tower::ServiceExt as _;
use lambda_http::{Adapter, Error, IntoResponse, LambdaEvent, Request, RequestExt as _, Service};
use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::telemetry::metrics::Metrics;

/// What no query may hold as it is (RFC 3986). The gateway passes a query on as the client wrote it.
const NOT_IN_QUERIES: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b'#').add(b'<').add(b'>');
/// What a part of a path may not hold as it is: all but the unreserved characters of RFC 3986.
const NOT_IN_SEGMENTS: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Answers the requests of the API gateway with `handler`, one after the other.
pub async fn serve<'a, R, S, E>(handler: S) -> Result<(), Error>
where
    S: Service<Request, Response = R, Error = E>,
    S::Future: Send + 'a,
    R: IntoResponse,
    E: fmt::Debug + Into<Diagnostic>,
{
    serve_with_metrics(handler, Metrics::from_env()?).await
}

/// As [`serve`], for a handler that records `metrics`: writes them after each request.
pub async fn serve_with_metrics<'a, R, S, E>(handler: S, metrics: Metrics) -> Result<(), Error>
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
    let handler = Adapter::from(handler.map_request(at_its_route)).map_request(readable);
    lambda_runtime::run(handler.map_future(move |answer| {
        let metrics = metrics.clone();
        async move {
            let answer = answer.await;
            metrics.write();
            answer
        }
    }))
    .await
}

/// The request of an event, as handlers get it.
#[cfg(feature = "testing")]
pub(crate) fn request_from(event: LambdaRequest) -> Request {
    at_its_route(readable(event).into())
}

/// The request with a query that can be read: `lambda_http` panics at any other, which the client
/// would see as an error of ours.
fn readable(mut request: LambdaRequest) -> LambdaRequest {
    if let LambdaRequest::ApiGatewayV2(event) = &mut request {
        let query = event.raw_query_string.as_deref();
        event.raw_query_string = query.map(readable_query);
    }
    request
}

/// A query of the gateway with nothing in it that a URI may not hold.
fn readable_query(query: &str) -> String {
    utf8_percent_encode(query, NOT_IN_QUERIES).to_string()
}

/// The request at the path of its route. In the path that the gateway received, a base path of a
/// custom domain or the name of a stage may come first; the route's key and parameters have
/// neither. A request of the route `$default` stays where it is.
fn at_its_route(mut request: Request) -> Request {
    let path = path_of_route(&request);
    let uri = path.map(|path| match request.uri().query() {
        Some(query) => format!("{path}?{query}"),
        None => path,
    });
    if let Some(Ok(uri)) = uri.map(|uri| uri.parse::<Uri>()) {
        *request.uri_mut() = uri;
    }
    request
}

fn path_of_route(request: &Request) -> Option<String> {
    let Some(RequestContext::ApiGatewayV2(context)) = request.extensions().get() else {
        return None;
    };
    let (_, route) = context.route_key.as_deref()?.split_once(' ')?;
    // Those of a route without any are absent.
    let parameters = request.path_parameters_ref();
    let segment = |segment: &str| {
        let name = segment.strip_prefix('{').and_then(|name| name.strip_suffix('}'));
        Some(match name {
            Some(name) => {
                utf8_percent_encode(parameters?.first(name)?, NOT_IN_SEGMENTS).to_string()
            }
            None => segment.to_owned(),
        })
    };
    Some(route.split('/').map(segment).collect::<Option<Vec<_>>>()?.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn path(route: &str, raw_path: &str, parameters: &Value, stage: &str) -> String {
        let event = json!({
            "version": "2.0", "routeKey": route, "rawPath": raw_path, "rawQueryString": "a=%2F&b",
            "headers": {"host": "api.example"}, "pathParameters": parameters, "isBase64Encoded": false,
            "requestContext": {
                "http": {"method": "GET", "path": raw_path}, "routeKey": route, "stage": stage,
                "timeEpoch": 0,
            },
        });
        let event: LambdaRequest = serde_json::from_value(event).unwrap();
        let request = at_its_route(readable(event).into());
        assert_eq!(request.uri().query(), Some("a=%2F&b"));
        request.uri().path().to_owned()
    }

    #[test]
    fn a_request_is_at_its_route_whatever_comes_before_it() {
        let none = json!({});
        for (raw_path, stage) in [
            ("/v1/webhooks", "$default"),
            ("/callhook/v1/webhooks", "$default"),
            ("/call/hook/v1/webhooks", "$default"),
            ("/prod/v1/webhooks", "prod"),
            ("/callhook/v1/webhooks", "prod"),
            ("/v1/v1/webhooks", "$default"),
        ] {
            assert_eq!(
                path("GET /v1/webhooks", raw_path, &none, stage),
                "/v1/webhooks",
                "{raw_path}"
            );
            let one =
                path("ANY /v1/a/{id}/b/{b}", raw_path, &json!({"id": "x", "b": "y.z"}), stage);
            assert_eq!(one, "/v1/a/x/b/y.z", "{raw_path}");
        }
        assert_eq!(path("$default", "/callhook/nothing", &none, "$default"), "/callhook/nothing");
    }

    #[test]
    fn a_parameter_is_one_segment_of_the_path() {
        for (value, segment) in [
            ("a/b", "a%2Fb"),
            ("a?b#c", "a%3Fb%23c"),
            ("..", ".."),
            ("%41", "%2541"),
            ("é\u{fffd}", "%C3%A9%EF%BF%BD"),
        ] {
            let found = path("GET /v1/a/{id}/b", "/v1/a/-/b", &json!({"id": value}), "$default");
            assert_eq!(found, format!("/v1/a/{segment}/b"), "{value}");
        }
    }
}
