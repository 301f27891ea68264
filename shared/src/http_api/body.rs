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
        parse_object(&whole_body(request, state).await?).map(Self)
    }
}

/// Like [`JsonObject`], of a request that may have no body: it stands for an object without fields.
pub struct OptionalJsonObject(pub Map<String, Value>);

impl<S: Send + Sync> FromRequest<S> for OptionalJsonObject {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let body = whole_body(request, state).await?;
        if body.is_empty() { Ok(Self(Map::new())) } else { parse_object(&body).map(Self) }
    }
}

async fn whole_body<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes, Problem> {
    // axum's limit of 2 MB holds here.
    Bytes::from_request(request, state).await.map_err(|error| {
        Problem::new(ProblemKind::TooLarge, format!("The body cannot be read: {error}."))
    })
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
