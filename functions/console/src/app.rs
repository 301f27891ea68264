//! The routes.

use std::sync::Arc;

use axum::response::Response;
use axum::routing::get;
use axum::{Router, middleware};
use callhook::http_api::{json_reply, with_request_id};
use http::header::CACHE_CONTROL;
use http::{HeaderValue, StatusCode};
use serde_json::json;

use crate::document;
use crate::fallback::{self, Fallback};
use crate::frame_ancestors::FrameAncestors;
use crate::pages::{self, Pages};

/// All routes of the function. `ancestors` may show its pages in a frame.
pub(crate) fn router(ancestors: &FrameAncestors) -> Router {
    let pages = Arc::new(Pages::new(ancestors));
    let fallback = Arc::new(Fallback::new(Arc::clone(&pages)));
    let routes =
        Router::new().route("/openapi.json", get(document::read)).route("/healthz", get(healthz));
    pages::PATHS
        .into_iter()
        .fold(routes, |routes, path| routes.route(path, get(pages::read)))
        .with_state(pages)
        .fallback(fallback::answer)
        // Applies to the routes above.
        .method_not_allowed_fallback(fallback::answer)
        .with_state(fallback)
        .layer(middleware::from_fn(with_request_id))
}

/// The health check of the gateway and this function. It uses no tables and queues: a caller without a
/// key must not cause load on them.
async fn healthz() -> Response {
    let mut response = json_reply(StatusCode::OK, &json!({"status": "ok"}));
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use callhook::testing::api::{Api, platform};
    use callhook::testing::routes::{default_route, routes_of};

    fn api() -> Api {
        Api::new(router(&FrameAncestors::default()), platform())
    }

    #[tokio::test]
    async fn the_document_is_served_and_may_be_cached() {
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
    async fn the_health_check_is_not_cached() {
        let reply = api().get("/healthz").await;
        assert_eq!(reply.json(), json!({"status": "ok"}));
        assert_eq!(reply.header("cache-control"), "no-store");
    }

    #[tokio::test]
    async fn every_route_of_the_template_is_served() {
        api().serves(&routes_of("console")).await;
        assert_eq!(default_route(), Some(("console".to_owned(), false)));
    }

    #[tokio::test]
    async fn an_unsupported_method_is_405_and_allow_names_the_supported_ones() {
        for (method, path, allow) in [
            ("DELETE", "/v1/webhooks", "GET, POST"),
            ("HEAD", "/v1/webhooks", "GET, POST"),
            ("OPTIONS", "/v1/reports", "GET, POST"),
            (
                "POST",
                "/v1/webhooks/01890a5d-ac96-774b-bcce-b302099a8057",
                "DELETE, GET, PATCH, PUT",
            ),
            ("GET", "/v1/webhooks/preview/test", "POST"),
            ("PUT", "/callhook/v1/accounts/acme/keys", "GET, POST"),
            ("PATCH", "/prod/v1/platform-keys/0123456789ab?x=y", "DELETE"),
            ("DELETE", "/healthz", "GET"),
            ("POST", "/callhook/openapi.json", "GET"),
        ] {
            let reply = api().send_text(method, path, "").await;
            assert_eq!(reply.status, StatusCode::METHOD_NOT_ALLOWED, "{method} {path}: {reply:?}");
            assert_eq!(reply.header("allow"), allow, "{method} {path}");
            assert_eq!(reply.header("x-request-id"), "test-request");
            if method == "HEAD" {
                assert_eq!(reply.body, "");
                continue;
            }
            assert_eq!(reply.json()["type"], "urn:callhook:problem:method-not-allowed");
            let detail = format!("This path accepts {allow} only.");
            assert_eq!(reply.json()["detail"], detail);
        }
    }

    #[tokio::test]
    async fn an_unknown_path_is_404() {
        for path in
            ["/", "/v1", "/v2/webhooks", "/wp-login.php", "//", "/v1/webhooks/a/b/c", "/%FF/x"]
        {
            for method in ["GET", "POST"] {
                let reply = api().send_text(method, path, "").await;
                assert_eq!(reply.status, StatusCode::NOT_FOUND, "{method} {path}: {reply:?}");
                assert_eq!(reply.header("content-type"), "application/problem+json");
                assert!(reply.body.contains("`GET /openapi.json` lists"), "{reply:?}");
            }
        }
        // The gateway has no such base path, or it would have chosen the route.
        let other = api().get("/other/v1/webhooks").await;
        assert_eq!(other.status, StatusCode::NOT_FOUND, "{other:?}");
        let slash = api().get("/v1/webhooks/").await;
        assert_eq!(slash.status, StatusCode::NOT_FOUND, "{slash:?}");
        assert!(slash.body.contains("`/v1/webhooks` has no slash at its end"), "{slash:?}");
    }

    #[tokio::test]
    async fn the_health_check_answers_head_and_ignores_the_query() {
        let head = api().send_text("HEAD", "/healthz", "").await;
        assert_eq!((head.status, head.body.as_str()), (StatusCode::OK, ""));
        assert_eq!(api().get("/healthz?at=1").await.status, StatusCode::OK);
    }
}
