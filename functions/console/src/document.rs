//! `GET /openapi.json`.

use axum::response::Response;
use http::HeaderMap;

use crate::embedded::OPENAPI;

pub(crate) async fn read(headers: HeaderMap) -> Response {
    OPENAPI.answer(&headers, "public, max-age=300")
}
