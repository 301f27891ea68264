//! The Lambda loop of functions behind the API gateway.

use std::fmt;

use http::Uri;
use http::header::HOST;
use lambda_http::lambda_runtime::{self, Diagnostic};
use lambda_http::request::{LambdaRequest, RequestContext};
use lambda_http::tower::ServiceExt as _;
use lambda_http::{Adapter, Error, IntoResponse, LambdaEvent, Request, RequestExt as _, Service};
use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::runtime::telemetry::metrics::Metrics;

/// Characters that a query must not hold unescaped (RFC 3986). The gateway passes a query on unchanged.
const QUERY_ESCAPES: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b'#').add(b'<').add(b'>');
/// Characters to escape in a path segment: all but the unreserved ones of RFC 3986.
const SEGMENT_ESCAPES: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Answers requests of the API gateway with `handler`, one at a time, and writes metrics.
pub async fn serve<'a, R, S, E>(handler: S) -> Result<(), Error>
where
    S: Service<Request, Response = R, Error = E>,
    S::Future: Send + 'a,
    R: IntoResponse,
    E: fmt::Debug + Into<Diagnostic>,
{
    serve_with_metrics(handler, Metrics::from_env()?).await
}

/// Like [`serve`], for a handler that records `metrics`, which are written after each request.
pub async fn serve_with_metrics<'a, R, S, E>(handler: S, metrics: Metrics) -> Result<(), Error>
where
    S: Service<Request, Response = R, Error = E>,
    S::Future: Send + 'a,
    R: IntoResponse,
    E: fmt::Debug + Into<Diagnostic>,
{
    let with_valid_url = |mut event: LambdaEvent<LambdaRequest>| {
        event.payload = with_valid_url(event.payload);
        event
    };
    let handler = Adapter::from(handler.map_request(with_route_path)).map_request(with_valid_url);
    lambda_runtime::run(handler.map_future(move |response| {
        let metrics = metrics.clone();
        async move {
            let response = response.await;
            metrics.write();
            response
        }
    }))
    .await
}

/// The request that handlers get for an event.
#[cfg(feature = "testing")]
pub(crate) fn request_from(event: LambdaRequest) -> Request {
    with_route_path(with_valid_url(event).into())
}

/// Escapes the query, and removes the scheme and host of the caller, which handlers do not use: `lambda_http` makes a
/// URL of them, and panics if it is invalid, which the caller would see as a 500.
fn with_valid_url(mut request: LambdaRequest) -> LambdaRequest {
    if let LambdaRequest::ApiGatewayV2(event) = &mut request {
        event.raw_query_string = event.raw_query_string.as_deref().map(escape_query);
        event.headers.remove("x-forwarded-proto");
        event.headers.remove(HOST);
    }
    request
}

/// Escapes the characters that a URI's query must not hold.
fn escape_query(query: &str) -> String {
    utf8_percent_encode(query, QUERY_ESCAPES).to_string()
}

/// Sets the path to that of the route's key and parameters. The path that the gateway received may begin with a base
/// path of a custom domain, or with a stage. A request of the route `$default` keeps its path.
fn with_route_path(mut request: Request) -> Request {
    let path = route_path(&request);
    let uri = path.map(|path| match request.uri().query() {
        Some(query) => format!("{path}?{query}"),
        None => path,
    });
    if let Some(Ok(uri)) = uri.map(|uri| uri.parse::<Uri>()) {
        *request.uri_mut() = uri;
    }
    request
}

fn route_path(request: &Request) -> Option<String> {
    let Some(RequestContext::ApiGatewayV2(context)) = request.extensions().get() else {
        return None;
    };
    let (_, route) = context.route_key.as_deref()?.split_once(' ')?;
    // `None` for a route without parameters.
    let parameters = request.path_parameters_ref();
    let segment = |segment: &str| {
        let name = segment.strip_prefix('{').and_then(|name| name.strip_suffix('}'));
        Some(match name {
            Some(name) => {
                utf8_percent_encode(parameters?.first(name)?, SEGMENT_ESCAPES).to_string()
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
        let request = with_route_path(with_valid_url(event).into());
        assert_eq!(request.uri().query(), Some("a=%2F&b"));
        request.uri().path().to_owned()
    }

    #[test]
    fn the_path_has_no_base_path_and_no_stage() {
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
    fn scheme_and_host_of_the_caller_are_ignored() {
        for (scheme, host) in
            [("", "api.example"), ("https, http", "api.example"), ("1", ""), ("https", "[")]
        {
            let event = json!({
                "version": "2.0", "routeKey": "$default", "rawPath": "/v1/webhooks", "rawQueryString": "a=b",
                "headers": {"host": host, "x-forwarded-proto": scheme}, "isBase64Encoded": false,
                "requestContext": {
                    "http": {"method": "GET", "path": "/v1/webhooks"}, "routeKey": "$default",
                    "stage": "$default", "timeEpoch": 0,
                },
            });
            let event: LambdaRequest = serde_json::from_value(event).unwrap();
            let request = with_route_path(with_valid_url(event).into());
            assert_eq!(
                request.uri().path_and_query().map(ToString::to_string),
                Some("/v1/webhooks?a=b".to_owned()),
                "`{scheme}`, `{host}`"
            );
        }
    }

    #[test]
    fn a_parameter_is_one_escaped_segment() {
        for (value, segment) in [
            ("a/b", "a%2Fb"),
            ("a?b#c", "a%3Fb%23c"),
            ("..", ".."),
            ("%41", "%2541"),
            ("é\u{fffd}", "%C3%A9%EF%BF%BD"),
        ] {
            let path = path("GET /v1/a/{id}/b", "/v1/a/-/b", &json!({"id": value}), "$default");
            assert_eq!(path, format!("/v1/a/{segment}/b"), "{value}");
        }
    }
}
