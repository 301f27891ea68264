//! Request bodies.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use http::HeaderMap;
use serde_json::{Map, Value};

use super::malformed::{Expected, utf8};
use super::problem::{Problem, ProblemKind};
use crate::input::fields::kind_of;
use crate::input::json;

/// A body that is a JSON object. Its `content-type` is ignored, so that `curl -d` works.
pub struct JsonObject(pub Map<String, Value>);

impl JsonObject {
    /// The largest body, in bytes. The largest webhook takes a quarter.
    pub const MAX_BYTES: usize = 1024 * 1024;
    /// The most values in a body: a million would use up the memory of a function.
    pub const MAX_VALUES: usize = 10_000;
}

impl<S: Send + Sync> FromRequest<S> for JsonObject {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let (body, headers) = whole_body(request, state).await?;
        parse_object(&body, &headers).map(Self)
    }
}

/// Like [`JsonObject`], but an absent body counts as an empty object.
pub struct OptionalJsonObject(pub Map<String, Value>);

impl<S: Send + Sync> FromRequest<S> for OptionalJsonObject {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let (body, headers) = whole_body(request, state).await?;
        if body.trim_ascii().is_empty() {
            return Ok(Self(Map::new()));
        }
        parse_object(&body, &headers).map(Self)
    }
}

async fn whole_body<S: Send + Sync>(
    mut request: Request,
    state: &S,
) -> Result<(Bytes, HeaderMap), Problem> {
    let headers = std::mem::take(request.headers_mut());
    // axum's limit of 2 MB applies here.
    let body = Bytes::from_request(request, state).await.map_err(|error| {
        Problem::new(ProblemKind::TooLarge, format!("The body cannot be read: {error}."))
    })?;
    Ok((body, headers))
}

fn parse_object(body: &[u8], headers: &HeaderMap) -> Result<Map<String, Value>, Problem> {
    if body.len() > JsonObject::MAX_BYTES {
        let (size, most) = (body.len(), JsonObject::MAX_BYTES);
        let detail = format!("The body has {size} bytes; at most {most} are accepted.");
        return Err(Problem::new(ProblemKind::TooLarge, detail));
    }
    let text = utf8(body, headers, Expected::OBJECT)?;
    match json::read(text, JsonObject::MAX_VALUES) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(other) => {
            let detail = format!(
                "The body must be a JSON object, not {}{}.",
                kind_of(&other),
                double_encoding_hint(text)
            );
            Err(Problem::new(ProblemKind::MalformedJson, detail))
        }
        Err(error) => Err(Problem::not_json(text, headers, &error, Expected::OBJECT)),
    }
}

/// A hint for JSON that was encoded twice: a JSON string that contains JSON. Empty for other JSON.
pub fn double_encoding_hint(text: &str) -> &'static str {
    let text = text.trim_ascii_start();
    if text.starts_with("\"{") || text.starts_with("\"[") {
        "; it is JSON within a string: encode it once"
    } else {
        ""
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(body: &[u8]) -> (u64, String) {
        let problem = parse_object(body, &HeaderMap::new()).unwrap_err().to_value();
        (problem["status"].as_u64().unwrap(), problem["detail"].as_str().unwrap().to_owned())
    }

    #[test]
    fn size_and_number_of_values_are_bounded() {
        let of_size = |size: usize| format!(r#"{{"a":"{}"}}"#, "x".repeat(size - 8)).into_bytes();
        let read = |body: &[u8]| parse_object(body, &HeaderMap::new());
        assert!(read(&of_size(JsonObject::MAX_BYTES)).is_ok());
        let (status, detail) = refusal(&of_size(JsonObject::MAX_BYTES + 1));
        assert_eq!(status, 413);
        assert_eq!(detail, "The body has 1048577 bytes; at most 1048576 are accepted.");
        let of_values = |count: usize| format!(r#"{{"a":[{}1]}}"#, "1,".repeat(count - 3));
        assert!(read(of_values(JsonObject::MAX_VALUES).as_bytes()).is_ok());
        let (status, detail) = refusal(of_values(JsonObject::MAX_VALUES + 1).as_bytes());
        assert_eq!(status, 413);
        assert_eq!(detail, "The body holds more than 10000 values; send fewer.");
    }

    #[test]
    fn a_body_that_is_not_an_object_is_refused_with_the_reason() {
        for (body, why) in [
            (&b"[]"[..], "must be a JSON object, not an array"),
            (b"\"{\\\"a\\\": 1}\"", "not a string; it is JSON within a string: encode it once."),
            (b"", "The body is empty; send a JSON object"),
            (b"name=CRM", "The body is a form (`name=value`); send a JSON object"),
            (
                b"{\"a\": \"\xff\"}",
                "The body is not UTF-8: the byte at offset 7 is invalid; send UTF-8.",
            ),
            (b"{\"a\": \"\\ud800\"}", "The body is not JSON"),
            (b"{\"$serde_json::private::Number\": \"1\"}", "`$serde_json::private::`"),
            (&[b'['; 1_000], "recursion limit"),
        ] {
            let (status, detail) = refusal(body);
            assert_eq!(status, 400, "{detail}");
            assert!(detail.contains(why), "{detail}");
        }
    }
}
