//! The routes.

use std::sync::Arc;

use axum::response::Response;
use axum::routing::get;
use axum::{Router, middleware};
use callhook::http_api::{json_reply, method_not_allowed, not_found, with_request_id};
use http::header::CACHE_CONTROL;
use http::{HeaderValue, StatusCode};
use serde_json::json;

use crate::document::{self, Document};

/// All routes of the function.
pub(crate) fn router() -> Router {
    Router::new()
        .route("/openapi.json", get(document::read))
        .route("/healthz", get(healthz))
        .fallback(not_found)
        .method_not_allowed_fallback(method_not_allowed)
        .layer(middleware::from_fn(with_request_id))
        .with_state(Arc::new(Document::of_the_api()))
}

/// Whether the gateway and a function answer. It says nothing of tables and queues: a caller
/// without a key must not be able to make work for them.
async fn healthz() -> Response {
    let mut response = json_reply(StatusCode::OK, &json!({"status": "ok"}));
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use callhook::testing::api::{Api, platform};
    use callhook::testing::routes::routes_of;

    fn api() -> Api {
        Api::new(router(), platform())
    }

    #[tokio::test]
    async fn the_document_is_served_and_may_be_kept() {
        let reply = api().get("/openapi.json").await;
        assert_eq!(reply.status, StatusCode::OK);
        assert_eq!(reply.header("content-type"), "application/json");
        assert_eq!(reply.header("cache-control"), "public, max-age=300");
        assert_eq!(reply.header("x-request-id"), "test-request");
        assert_eq!(reply.json()["openapi"], "3.1.0");
        assert_eq!(reply.body, include_str!("../../../docs/openapi.json"));

        let etag = reply.header("etag").to_owned();
        for known in [etag.clone(), format!("W/{etag}"), format!("\"x\", {etag}"), "*".to_owned()] {
            let again = api().with_header("if-none-match", &known).get("/openapi.json").await;
            assert_eq!(again.status, StatusCode::NOT_MODIFIED, "{known}");
            assert_eq!((again.header("etag"), again.body.as_str()), (etag.as_str(), ""));
        }
        for other in ["\"x\"", "x", "", "W/"] {
            let again = api().with_header("if-none-match", other).get("/openapi.json").await;
            assert_eq!(again.status, StatusCode::OK, "{other}");
        }
    }

    #[tokio::test]
    async fn its_health_is_not_kept() {
        let reply = api().get("/healthz").await;
        assert_eq!(reply.json(), json!({"status": "ok"}));
        assert_eq!(reply.header("cache-control"), "no-store");
    }

    #[tokio::test]
    async fn every_route_of_the_template_is_served() {
        api().serves(&routes_of("console")).await;
        assert_eq!(api().get("/").await.status, StatusCode::NOT_FOUND);
        assert_eq!(api().delete("/healthz").await.status, StatusCode::METHOD_NOT_ALLOWED);
    }
}
