//! `/v1/subscriptions`.

use callhook::domain::event::Event;
use callhook::domain::scope::Scope;
use http::StatusCode;
use utoipa::openapi::ObjectBuilder;
use utoipa::openapi::path::{HttpMethod, Parameter};

use super::{Resource, page_of_stored};
use crate::examples::{page, webhooks as examples};
use crate::parameters::{paging, uuid_in_path};
use crate::responses::{empty, json, location};
use crate::route::Route;
use crate::schema::{
    Describe as _, EVENT, IDENTITY, MAX_EVENT, closed, named, object, or_null, string, time, uuid,
};

pub(super) fn resource() -> Resource {
    let request = closed()
        .property("event", or_null(event()))
        .property("identity", or_null(identity()))
        .property("webhook_id", uuid())
        .required("webhook_id");
    let subscription = object()
        .property("id", uuid())
        .property("event", event())
        .property("identity", identity())
        .property("webhook_id", uuid())
        .property("created_at", time())
        .required("id")
        .required("event")
        .required("identity")
        .required("webhook_id")
        .required("created_at");
    Resource {
        name: "subscriptions",
        description: "Rules for delivering reports to webhooks that the reports do not name.",
        routes: vec![create(), list(), read(), delete()],
        schemas: vec![
            ("NewSubscription", request.into()),
            ("Subscription", subscription.into()),
            ("SubscriptionPage", page_of_stored("Subscription")),
        ],
    }
}

const ALL: &str = "/v1/subscriptions";
const ONE: &str = "/v1/subscriptions/{id}";

fn create() -> Route {
    let created = json("Created.", named("Subscription"), examples::subscription());
    let created = created.header("location", location());
    Route::acting(Scope::WebhooksWrite, HttpMethod::Post, ALL, "createSubscription")
        .summary("Subscribe a webhook to reports")
        .body(named("NewSubscription"), examples::new_subscription())
        .description("A second subscription with the same `event`, `identity` and `webhook_id` is a conflict; \
             `existing_id` is the first one's id.")
        .response(StatusCode::CREATED, created)
        .problems(&[StatusCode::CONFLICT])
}

fn list() -> Route {
    Route::acting(Scope::WebhooksRead, HttpMethod::Get, ALL, "listSubscriptions")
        .summary("List subscriptions, newest first")
        .parameters(paging())
        .ok(json(
            "A page of the list.",
            named("SubscriptionPage"),
            page([examples::subscription()]),
        ))
}

fn read() -> Route {
    Route::acting(Scope::WebhooksRead, HttpMethod::Get, ONE, "readSubscription")
        .summary("Read a subscription")
        .parameter(id())
        .ok(json("The subscription.", named("Subscription"), examples::subscription()))
}

fn delete() -> Route {
    Route::acting(Scope::WebhooksWrite, HttpMethod::Delete, ONE, "deleteSubscription")
        .summary("Delete a subscription")
        .parameter(id())
        .response(StatusCode::NO_CONTENT, empty("Deleted."))
}

fn id() -> Parameter {
    uuid_in_path("id", "The subscription's id.")
}

/// The kind of event that a report is about.
pub(super) fn event() -> ObjectBuilder {
    string()
        .max_length(Some(MAX_EVENT))
        .pattern(Some(EVENT))
        .default(Some(Event::VOICE_OUT.into()))
        .describe("The kind of event that the report is about.")
}

fn identity() -> ObjectBuilder {
    string().pattern(Some(IDENTITY)).default(Some("all".into())).describe(
        "`all`, `number:<bridge>`, `flow:<flow_id>` or `source:<OBD or C2C>`. Spaces, `+` and the \
             prefix `00` of a number, and the case of a source, are ignored; responses show the \
             normalized identity.",
    )
}
