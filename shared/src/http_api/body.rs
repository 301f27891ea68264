//! Bodies of requests.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use serde_json::{Map, Value};

use super::problem::{Problem, ProblemKind};
use crate::fields::kind_of;

/// The body as a JSON object, whatever its `content-type` says: `curl -d` should just work.
pub struct JsonObject(pub Map<String, Value>);

impl<S: Send + Sync> FromRequest<S> for JsonObject {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        // axum's limit of 2 MB holds here.
        let body = Bytes::from_request(request, state).await.map_err(|error| {
            Problem::new(ProblemKind::TooLarge, format!("The body cannot be read: {error}."))
        })?;
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
