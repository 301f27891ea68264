//! What needs no key.

use http::StatusCode;
use serde_json::json;
use utoipa::openapi::path::HttpMethod;

use super::Resource;
use crate::answers::{self, empty, etag, header};
use crate::parameters;
use crate::route::Route;
use crate::schema::{choice, named, object, string};

pub(super) fn resource() -> Resource {
    let health = object().property("status", choice(["ok"])).required("status");
    Resource {
        name: "public",
        about: "What needs no key.",
        routes: vec![document(), healthz()],
        schemas: vec![("Health", health.into())],
    }
}

fn document() -> Route {
    let example = json!({
        "openapi": "3.1.0", "info": {"title": "Callhook", "version": "v1"}, "paths": {},
    });
    let known = "The document that is known already (`ETag`).";
    let cache = || header("How long it may be kept.", string());
    Route::public(HttpMethod::Get, "/openapi.json", "readDocument")
        .does("Read this document")
        .with(parameters::header("If-None-Match", known, string()))
        .answers(
            StatusCode::OK,
            answers::json("This document.", object(), example)
                .header("etag", etag())
                .header("cache-control", cache()),
        )
        .answers(
            StatusCode::NOT_MODIFIED,
            empty("It is the known one.").header("etag", etag()).header("cache-control", cache()),
        )
}

fn healthz() -> Route {
    Route::public(HttpMethod::Get, "/healthz", "readHealth")
        .does("See whether the API answers")
        .answers(
            StatusCode::OK,
            answers::json("It does.", named("Health"), json!({"status": "ok"})),
        )
}
