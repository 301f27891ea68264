//! `/v1/webhooks`.

use callhook::domain::scope::Scope;
use http::StatusCode;
use serde_json::{Value, json};
use utoipa::openapi::path::{HttpMethod, Parameter};

use super::{Resource, page_of_stored, unreadable, webhook_shapes};
use crate::examples::{page, webhooks as examples};
use crate::parameters::{header, in_query, paging, uuid_in_path};
use crate::responses::{empty, etag, json, location};
use crate::route::Route;
use crate::schema::{choice, named, string};

pub(super) fn resource() -> Resource {
    let mut schemas = webhook_shapes::all();
    schemas.push(("WebhookPage", page_of_stored("Webhook")));
    schemas.push(("Unreadable", unreadable()));
    Resource {
        name: "webhooks",
        description: "Destinations of reports, and the requests that deliver them.",
        routes: vec![create(), list(), read(), replace(), change(), delete(), rotate()],
        schemas,
    }
}

const ALL: &str = "/v1/webhooks";
const ONE: &str = "/v1/webhooks/{id}";
const INCLUDES: &str =
    "`summary`: the last 24 hours of each; also needs the scope `deliveries:read`.";
const ROTATE: &str = "/v1/webhooks/{id}/rotate-secret";

fn create() -> Route {
    let created = json("Created.", named("WebhookWithSecret"), examples::made());
    Route::acting(Scope::WebhooksWrite, HttpMethod::Post, ALL, "createWebhook")
        .summary("Create a webhook")
        .description("Only this response, and that of a rotation, shows the signing secret.")
        .body(named("NewWebhook"), examples::new())
        .response(
            StatusCode::CREATED,
            created.header("location", location()).header("etag", etag()),
        )
}

fn list() -> Route {
    Route::acting(Scope::WebhooksRead, HttpMethod::Get, ALL, "listWebhooks")
        .summary("List webhooks, newest first")
        .parameter(in_query("name", "A part of the name, case-insensitive.", string()))
        .parameter(in_query("include", INCLUDES, choice(["summary"])))
        .parameters(paging())
        .ok(json("A page of the list.", named("WebhookPage"), page([examples::listed()])))
}

fn read() -> Route {
    let found = json("The webhook.", named("Webhook"), examples::read()).header("etag", etag());
    Route::acting(Scope::WebhooksRead, HttpMethod::Get, ONE, "readWebhook")
        .summary("Read a webhook")
        .parameter(id())
        .ok(found)
}

fn replace() -> Route {
    changing(HttpMethod::Put, "replaceWebhook", examples::replaced())
        .summary("Replace all settings of a webhook")
        .description("Absent settings get their defaults, but absent `secrets` stay.")
        .body(named("WebhookReplacement"), examples::new())
}

fn change() -> Route {
    changing(HttpMethod::Patch, "changeWebhook", examples::changed())
        .summary("Change some settings of a webhook")
        .description("`null` resets a setting to its default; only the given secrets change.")
        .body(named("WebhookChange"), json!({"timeout_seconds": 10, "description": null}))
}

fn delete() -> Route {
    Route::acting(Scope::WebhooksWrite, HttpMethod::Delete, ONE, "deleteWebhook")
        .summary("Delete a webhook and its subscriptions")
        .parameter(id())
        .parameter(if_match())
        .response(StatusCode::NO_CONTENT, empty("Deleted."))
        .problems(&[StatusCode::CONFLICT, StatusCode::PRECONDITION_FAILED])
}

fn rotate() -> Route {
    let rotated =
        json("The webhook and its secret.", named("WebhookWithSecret"), examples::rotated());
    Route::acting(Scope::WebhooksWrite, HttpMethod::Post, ROTATE, "rotateSecret")
        .summary("Rotate the signing secret")
        .description("The previous secret also signs for the overlap in the request.")
        .parameter(id())
        .parameter(if_match())
        .optional_body(named("Rotation"), json!({"overlap_seconds": 3600}))
        .ok(rotated.header("etag", etag()))
        .problems(&[StatusCode::CONFLICT, StatusCode::PRECONDITION_FAILED])
}

fn changing(method: HttpMethod, operation: &str, example: Value) -> Route {
    let changed = json("The changed webhook.", named("Webhook"), example).header("etag", etag());
    Route::acting(Scope::WebhooksWrite, method, ONE, operation)
        .parameter(id())
        .parameter(if_match())
        .ok(changed)
        .problems(&[StatusCode::CONFLICT, StatusCode::PRECONDITION_FAILED])
}

/// The webhook's id in the path.
pub(super) fn id() -> Parameter {
    uuid_in_path("id", "The webhook's id.")
}

fn if_match() -> Parameter {
    let description = "Versions (`ETag`) to change; 412 if the webhook has another.";
    header("If-Match", description, string().pattern(Some(r"^[\x20-\x7e]*$")))
}
