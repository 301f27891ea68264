//! Bodies of requests.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use serde_json::{Map, Value};

use super::problem::{Problem, ProblemKind};
use crate::fields::kind_of;

/// The body as a JSON object, whatever its `content-type` says: `curl -d` should just work.
pub struct JsonObject(pub Map<String, Value>);

impl JsonObject {
    /// The largest body, in bytes. A webhook with all that it may hold has some 200 KiB. A value of
    /// two bytes on the wire takes a hundred in memory, of which a function has 128 MB.
    pub const MAX_BYTES: usize = 512 * 1024;
}

impl<S: Send + Sync> FromRequest<S> for JsonObject {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let body = Bytes::from_request(request, state).await.map_err(|error| {
            Problem::new(ProblemKind::TooLarge, format!("The body cannot be read: {error}."))
        })?;
        if body.len() > Self::MAX_BYTES {
            let (bytes, most) = (body.len(), Self::MAX_BYTES);
            let detail = format!("The body has {bytes} bytes; at most {most} are taken.");
            return Err(Problem::new(ProblemKind::TooLarge, detail));
        }
        parse_object(&body).map(Self)
    }
}

/// Reads a JSON object.
pub fn parse_object(body: &[u8]) -> Result<Map<String, Value>, Problem> {
    match serde_json::from_slice(body) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(other) => Err(Problem::new(
            ProblemKind::MalformedJson,
            format!("The body must be a JSON object, not {}.", kind_of(&other)),
        )),
        Err(error) => {
            Err(Problem::new(ProblemKind::MalformedJson, format!("The body is not JSON: {error}.")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn read(body: String) -> Result<JsonObject, serde_json::Value> {
        let request = Request::new(axum::body::Body::from(body));
        JsonObject::from_request(request, &()).await.map_err(|problem| problem.to_value())
    }

    fn of_size(size: usize) -> String {
        format!(r#"{{"a":"{}"}}"#, "x".repeat(size - 8))
    }

    #[tokio::test]
    async fn size_and_depth_are_bounded() {
        assert!(read(of_size(JsonObject::MAX_BYTES)).await.is_ok());
        for size in [JsonObject::MAX_BYTES + 1, 3 * 1024 * 1024] {
            assert_eq!(read(of_size(size)).await.err().unwrap()["status"], 413, "{size}");
        }
        let deep = format!(r#"{{"a":{}{}}}"#, "[".repeat(1_000), "]".repeat(1_000));
        let problem = read(deep).await.err().unwrap();
        assert_eq!(problem["status"], 400);
        assert!(problem["detail"].as_str().unwrap().contains("recursion limit"), "{problem}");
    }

    #[tokio::test]
    async fn only_an_object_will_do() {
        for (body, says) in
            [("", "EOF"), ("[]", "an array"), ("null", "null"), ("{}{}", "trailing characters")]
        {
            let problem = read(body.to_owned()).await.err().unwrap();
            assert_eq!(problem["status"], 400, "{body}");
            assert!(problem["detail"].as_str().unwrap().contains(says), "{body}: {problem}");
        }
    }
}
