//! `/v1/webhooks`.

use callhook::scope::Scope;
use http::StatusCode;
use serde_json::{Value, json};
use utoipa::openapi::path::{HttpMethod, Parameter};

use super::{Resource, page_of_stored, unreadable, webhook_shapes};
use crate::answers::{empty, etag, json, location};
use crate::examples::{page, webhooks as examples};
use crate::parameters::{header, in_query, paging, uuid_in_path};
use crate::route::Route;
use crate::schema::{choice, named, string};

pub(super) fn resource() -> Resource {
    let mut schemas = webhook_shapes::all();
    schemas.push(("WebhookPage", page_of_stored("Webhook")));
    schemas.push(("Unreadable", unreadable()));
    Resource {
        name: "webhooks",
        about: "Where and how reports are delivered.",
        routes: vec![create(), list(), read(), replace(), change(), delete(), rotate()],
        schemas,
    }
}

const ALL: &str = "/v1/webhooks";
const ONE: &str = "/v1/webhooks/{id}";
const INCLUDES: &str = "`summary` for the last 24 hours of each; takes `deliveries:read` as well.";
const ROTATE: &str = "/v1/webhooks/{id}/rotate-secret";

fn create() -> Route {
    let made = json("It was made.", named("WebhookWithSecret"), examples::made());
    Route::acting(Scope::WebhooksWrite, HttpMethod::Post, ALL, "createWebhook")
        .does("Make a webhook")
        .says("The answer shows the secret that signs its requests; no other does.")
        .takes(named("NewWebhook"), examples::new())
        .answers(StatusCode::CREATED, made.header("location", location()).header("etag", etag()))
}

fn list() -> Route {
    Route::acting(Scope::WebhooksRead, HttpMethod::Get, ALL, "listWebhooks")
        .does("List webhooks, newest first")
        .with(in_query("name", "A part of the name, in any case.", string()))
        .with(in_query("include", INCLUDES, choice(["summary"])))
        .with_all(paging())
        .answers(StatusCode::OK, json("A page.", named("WebhookPage"), page([examples::listed()])))
}

fn read() -> Route {
    let found = json("The webhook.", named("Webhook"), examples::read()).header("etag", etag());
    Route::acting(Scope::WebhooksRead, HttpMethod::Get, ONE, "readWebhook")
        .does("Read a webhook")
        .with(id())
        .answers(StatusCode::OK, found)
}

fn replace() -> Route {
    changing(HttpMethod::Put, "replaceWebhook", examples::replaced())
        .does("Replace all settings of a webhook")
        .says("Absent settings take their defaults; without `secrets` those stay as they are.")
        .takes(named("WebhookReplacement"), examples::new())
}

fn change() -> Route {
    changing(HttpMethod::Patch, "changeWebhook", examples::changed())
        .does("Change the named settings of a webhook")
        .says("`null` takes a setting back to its default. Of secrets only the named ones change.")
        .takes(named("WebhookChange"), json!({"timeout_seconds": 10, "description": null}))
}

fn delete() -> Route {
    Route::acting(Scope::WebhooksWrite, HttpMethod::Delete, ONE, "deleteWebhook")
        .does("Delete a webhook and its subscriptions")
        .with(id())
        .with(if_match())
        .answers(StatusCode::NO_CONTENT, empty("It is gone."))
        .refuses(&[StatusCode::CONFLICT, StatusCode::PRECONDITION_FAILED])
}

fn rotate() -> Route {
    let rotated = json("As it is now.", named("WebhookWithSecret"), examples::rotated());
    Route::acting(Scope::WebhooksWrite, HttpMethod::Post, ROTATE, "rotateSecret")
        .does("Have another secret sign")
        .says("The one before signs beside it for as long as is asked.")
        .with(id())
        .with(if_match())
        .may_take(named("Rotation"), json!({"overlap_seconds": 3600}))
        .answers(StatusCode::OK, rotated.header("etag", etag()))
        .refuses(&[StatusCode::CONFLICT, StatusCode::PRECONDITION_FAILED])
}

fn changing(method: HttpMethod, operation: &str, example: Value) -> Route {
    let changed = json("As it is now.", named("Webhook"), example).header("etag", etag());
    Route::acting(Scope::WebhooksWrite, method, ONE, operation)
        .with(id())
        .with(if_match())
        .answers(StatusCode::OK, changed)
        .refuses(&[StatusCode::CONFLICT, StatusCode::PRECONDITION_FAILED])
}

/// The webhook that a path names.
pub(super) fn id() -> Parameter {
    uuid_in_path("id", "The webhook.")
}

fn if_match() -> Parameter {
    let says = "Versions (`ETag`) that the change is meant for; another one is a 412.";
    header("If-Match", says, string().pattern(Some(r"^[\x20-\x7e]*$")))
}
