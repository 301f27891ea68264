//! Requests of the API gateway, read with less work than `lambda_http` does: for a function of one
//! route, which looks at headers, body and caller.

use std::borrow::Cow;
use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderMap, HeaderName, HeaderValue};
use lambda_http::aws_lambda_events::apigw::{
    ApiGatewayRequestAuthorizer, ApiGatewayV2httpRequestContext,
};
use lambda_http::request::RequestContext;
use lambda_http::{Body, Error, Request, Response};
use serde::de::{Deserializer, MapAccess, Visitor};
use serde::ser::{SerializeMap as _, Serializer};
use serde::{Deserialize, Serialize};

use super::serve::readable_query;

/// An event in the gateway's format 2.0, as far as it is read.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Event {
    #[serde(default)]
    headers: Headers,
    raw_query_string: Option<String>,
    request_context: Context,
    body: Option<String>,
    #[serde(default)]
    is_base64_encoded: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Context {
    authorizer: Option<ApiGatewayRequestAuthorizer>,
    request_id: Option<String>,
}

/// The request of an event. It has no path and always the same method; of its context it has the
/// caller and the request's id.
pub fn request_of(event: &[u8]) -> Result<Request, Error> {
    let event: Event = serde_json::from_slice(event)?;
    let body = match event.body {
        Some(body) if event.is_base64_encoded => Body::Binary(STANDARD.decode(body)?),
        Some(body) => Body::Text(body),
        None => Body::Empty,
    };
    let mut context = ApiGatewayV2httpRequestContext::default();
    context.authorizer = event.request_context.authorizer;
    context.request_id = event.request_context.request_id;
    let mut request = Request::new(body);
    *request.headers_mut() = event.headers.0;
    if let Some(query) = event.raw_query_string.filter(|query| !query.is_empty()) {
        *request.uri_mut() = format!("/?{}", readable_query(&query)).parse()?;
    }
    request.extensions_mut().insert(RequestContext::ApiGatewayV2(context));
    Ok(request)
}

/// An answer as the gateway takes it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct GatewayAnswer {
    status_code: u16,
    headers: Headers,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<String>,
    is_base64_encoded: bool,
}

impl From<Response<Body>> for GatewayAnswer {
    fn from(response: Response<Body>) -> Self {
        let (parts, body) = response.into_parts();
        let (body, is_base64_encoded) = match body {
            Body::Text(text) => (Some(text), false),
            Body::Binary(bytes) => (Some(STANDARD.encode(bytes)), true),
            _ => (None, false),
        };
        let (status_code, headers) = (parts.status.as_u16(), Headers(parts.headers));
        Self { status_code, headers, body, is_base64_encoded }
    }
}

/// Headers as the gateway writes them: a JSON object of names, each once.
#[derive(Default)]
struct Headers(HeaderMap);

impl<'de> Deserialize<'de> for Headers {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(HeadersVisitor)
    }
}

struct HeadersVisitor;

impl<'de> Visitor<'de> for HeadersVisitor {
    type Value = Headers;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of headers")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Headers, A::Error> {
        let mut headers = HeaderMap::with_capacity(16);
        while let Some((Text(name), Text(value))) = entries.next_entry()? {
            // The gateway has read them as headers.
            if let (Ok(name), Ok(value)) =
                (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_str(&value))
            {
                headers.insert(name, value);
            }
        }
        Ok(Headers(headers))
    }
}

/// A text that is borrowed if it stands there as it is.
#[derive(Deserialize)]
#[serde(transparent)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

impl Serialize for Headers {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_map(Some(self.0.keys_len()))?;
        for name in self.0.keys() {
            let values = self.0.get_all(name).iter().filter_map(|value| value.to_str().ok());
            let mut values: Vec<_> = values.collect();
            match (values.pop(), values.is_empty()) {
                (None, _) => {}
                (Some(only), true) => object.serialize_entry(name.as_str(), only)?,
                (Some(last), false) => {
                    values.push(last);
                    object.serialize_entry(name.as_str(), &values.join(","))?;
                }
            }
        }
        object.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http_api::{Caller, request_id};
    use lambda_http::request::LambdaRequest;
    use serde_json::{Value, json};

    fn event(body: &Value, is_base64_encoded: bool) -> String {
        json!({
            "version": "2.0", "routeKey": "POST /v1/reports", "rawPath": "/v1/reports",
            "rawQueryString": "",
            "headers": {"content-type": "application/json", "x-account-id": "ac\"me", "accept": "a,b"},
            "requestContext": {
                "http": {"method": "POST", "path": "/v1/reports", "sourceIp": "192.0.2.1"},
                "authorizer": {"lambda": {"account_id": "acme", "scopes": "reports:write"}},
                "requestId": "an-id", "stage": "$default", "timeEpoch": 1_700_000_000_000_i64,
            },
            "body": body, "isBase64Encoded": is_base64_encoded,
        })
        .to_string()
    }

    #[test]
    fn it_is_the_request_that_lambda_http_makes() {
        for (body, is_base64_encoded) in
            [(json!("{\"a\": \"\u{e9}\"}"), false), (json!("AP8="), true), (Value::Null, false)]
        {
            let event = event(&body, is_base64_encoded);
            let ours = request_of(event.as_bytes()).unwrap();
            let theirs: LambdaRequest = serde_json::from_str(&event).unwrap();
            let theirs = Request::from(theirs);
            assert_eq!(ours.headers(), theirs.headers());
            assert_eq!(ours.body(), theirs.body());
            let caller = |request: &Request| Caller::from_extensions(request.extensions()).ok();
            assert_eq!(caller(&ours), caller(&theirs));
            assert!(caller(&ours).is_some());
            assert_eq!(request_id(ours.extensions()), request_id(theirs.extensions()));
        }
    }

    #[test]
    fn a_query_is_read() {
        let query = |query: &str| {
            let event = json!({"requestContext": {}, "rawQueryString": query}).to_string();
            let request = request_of(event.as_bytes()).unwrap();
            request.uri().query().map(str::to_owned)
        };
        assert_eq!(query(""), None);
        assert_eq!(query("a=b&c"), Some("a=b&c".to_owned()));
        assert_eq!(query("a=<\"ü #>"), Some("a=%3C%22%C3%BC%20%23%3E".to_owned()));
    }

    #[test]
    fn an_event_without_a_caller_is_nobodys() {
        let request = request_of(br#"{"requestContext": {}}"#).unwrap();
        assert!(Caller::from_extensions(request.extensions()).is_err());
        assert!(request_of(b"{}").is_err());
        assert!(
            request_of(br#"{"requestContext": {}, "body": "!", "isBase64Encoded": true}"#).is_err()
        );
    }

    #[test]
    fn an_answer_has_status_headers_and_body() {
        let answer = |response| serde_json::to_value(GatewayAnswer::from(response)).unwrap();
        let mut response = Response::new(Body::from("{}"));
        response.headers_mut().append("x-a", HeaderValue::from_static("1"));
        response.headers_mut().append("x-a", HeaderValue::from_static("2"));
        response.headers_mut().append("x-b", HeaderValue::from_static("3"));
        assert_eq!(
            answer(response),
            json!({"statusCode": 200, "headers": {"x-a": "1,2", "x-b": "3"}, "body": "{}", "isBase64Encoded": false})
        );
        let binary = answer(Response::new(Body::Binary(vec![0, 255])));
        assert_eq!((&binary["body"], &binary["isBase64Encoded"]), (&json!("AP8="), &json!(true)));
        assert_eq!(answer(Response::new(Body::Empty)).get("body"), None);
    }
}
