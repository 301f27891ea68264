//! Routes without a key.

use http::StatusCode;
use serde_json::json;
use utoipa::openapi::path::HttpMethod;

use super::Resource;
use crate::parameters;
use crate::responses::{self, empty, etag, header};
use crate::route::Route;
use crate::schema::{choice, named, object, string};

pub(super) fn resource() -> Resource {
    let health = object().property("status", choice(["ok"])).required("status");
    Resource {
        name: "public",
        description: "Operations without a key.",
        routes: vec![document(), healthz()],
        schemas: vec![("Health", health.into())],
    }
}

fn document() -> Route {
    let example = json!({
        "openapi": "3.1.0", "info": {"title": "Callhook", "version": "v1"}, "paths": {},
    });
    let known = "The `ETag` of the cached document.";
    let cache = || header("How long the document may be cached.", string());
    Route::public(HttpMethod::Get, "/openapi.json", "readDocument")
        .summary("Read this document")
        .parameter(parameters::header("If-None-Match", known, string()))
        .ok(responses::json("This document.", object(), example)
            .header("etag", etag())
            .header("cache-control", cache()))
        .response(
            StatusCode::NOT_MODIFIED,
            empty("The cached document is current.")
                .header("etag", etag())
                .header("cache-control", cache()),
        )
}

fn healthz() -> Route {
    Route::public(HttpMethod::Get, "/healthz", "readHealth")
        .summary("Check that the API responds")
        .ok(responses::json("The API responds.", named("Health"), json!({"status": "ok"})))
}
