//! `/v1/subscriptions`.

use callhook::scope::Scope;
use callhook::subscription::Event;
use http::StatusCode;
use utoipa::openapi::ObjectBuilder;
use utoipa::openapi::path::{HttpMethod, Parameter};

use super::{Resource, page_of_stored};
use crate::answers::{empty, json, location};
use crate::examples::{page, webhooks as examples};
use crate::parameters::{paging, uuid_in_path};
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
        about: "Which reports go to a webhook that they do not name.",
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
    let made = json("It was made.", named("Subscription"), examples::subscription());
    let made = made.header("location", location());
    Route::acting(Scope::WebhooksWrite, HttpMethod::Post, ALL, "createSubscription")
        .does("Subscribe a webhook to reports")
        .takes(named("NewSubscription"), examples::new_subscription())
        .says("The same three twice are a conflict, whose `existing_id` names the first.")
        .answers(StatusCode::CREATED, made)
        .refuses(&[StatusCode::CONFLICT])
}

fn list() -> Route {
    Route::acting(Scope::WebhooksRead, HttpMethod::Get, ALL, "listSubscriptions")
        .does("List subscriptions, newest first")
        .with_all(paging())
        .answers(
            StatusCode::OK,
            json("A page.", named("SubscriptionPage"), page([examples::subscription()])),
        )
}

fn read() -> Route {
    Route::acting(Scope::WebhooksRead, HttpMethod::Get, ONE, "readSubscription")
        .does("Read a subscription")
        .with(id())
        .answers(
            StatusCode::OK,
            json("The subscription.", named("Subscription"), examples::subscription()),
        )
}

fn delete() -> Route {
    Route::acting(Scope::WebhooksWrite, HttpMethod::Delete, ONE, "deleteSubscription")
        .does("Delete a subscription")
        .with(id())
        .answers(StatusCode::NO_CONTENT, empty("It is gone."))
}

fn id() -> Parameter {
    uuid_in_path("id", "The subscription.")
}

/// The kind of thing that a report tells of.
pub(super) fn event() -> ObjectBuilder {
    string()
        .max_length(Some(MAX_EVENT))
        .pattern(Some(EVENT))
        .default(Some(Event::VOICE_OUT.into()))
        .describe("The kind of thing that a report tells of.")
}

fn identity() -> ObjectBuilder {
    string().pattern(Some(IDENTITY)).default(Some("all".into())).describe(
        "`all`, `number:<bridge>`, `flow:<flow_id>` or `source:<OBD or C2C>`. Spacing, `+` and \
             the prefix `00` of a number and the case of a source do not count; answers show the \
             identity without them.",
    )
}
