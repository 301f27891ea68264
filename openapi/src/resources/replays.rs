//! `/v1/webhooks/{id}/replays`.

use callhook::domain::delivery::ReplayScope;
use callhook::domain::replay::ReplayStage;
use callhook::domain::scope::Scope;
use http::StatusCode;
use utoipa::openapi::ObjectBuilder;
use utoipa::openapi::path::{HttpMethod, Parameter};

use super::{Resource, page_of_stored, webhooks};
use crate::examples::{deliveries as examples, page};
use crate::parameters::{paging, uuid_in_path};
use crate::responses::{json, location};
use crate::route::Route;
use crate::schema::{
    Describe as _, choice, choice_of, closed, count, named, object, or_null, request_time, time,
    uuid,
};

pub(super) fn resource() -> Resource {
    let request = closed()
        .property("from", request_time())
        .property("to", request_time())
        .property("deliveries", or_null(deliveries()))
        .required("from")
        .required("to");
    Resource {
        name: "replays",
        description: "Replays, which send a webhook's deliveries of a time range again.",
        routes: vec![create(), list(), read(), cancel()],
        schemas: vec![
            ("NewReplay", request.into()),
            ("Replay", replay().into()),
            ("ReplayPage", page_of_stored("Replay")),
        ],
    }
}

const ALL: &str = "/v1/webhooks/{id}/replays";
const ONE: &str = "/v1/webhooks/{id}/replays/{replay_id}";

fn create() -> Route {
    let started = json("The replay has started.", named("Replay"), examples::replay())
        .header("location", location());
    Route::acting(Scope::DeliveriesWrite, HttpMethod::Post, ALL, "createReplay")
        .summary("Replay a time range")
        .parameter(webhooks::id())
        .body(named("NewReplay"), examples::new_replay())
        .response(StatusCode::ACCEPTED, started)
        .problems(&[StatusCode::CONFLICT])
}

fn list() -> Route {
    Route::acting(Scope::DeliveriesRead, HttpMethod::Get, ALL, "listReplays")
        .summary("List a webhook's replays, newest first")
        .parameter(webhooks::id())
        .parameters(paging())
        .ok(json(
            "A page of the list.",
            named("ReplayPage"),
            page([examples::replay_in_progress("sending")]),
        ))
}

fn read() -> Route {
    Route::acting(Scope::DeliveriesRead, HttpMethod::Get, ONE, "readReplay")
        .summary("Read a replay and its progress")
        .parameter(webhooks::id())
        .parameter(id())
        .ok(json("The replay.", named("Replay"), examples::replay_in_progress("sending")))
}

fn cancel() -> Route {
    Route::acting(Scope::DeliveriesWrite, HttpMethod::Delete, ONE, "cancelReplay")
        .summary("Cancel a replay")
        .description("Deliveries that are already queued are still sent.")
        .parameter(webhooks::id())
        .parameter(id())
        .ok(json(
            "The cancelled replay.",
            named("Replay"),
            examples::replay_in_progress("cancelled"),
        ))
        .problems(&[StatusCode::CONFLICT])
}

fn id() -> Parameter {
    uuid_in_path("replay_id", "The replay's id.")
}

fn deliveries() -> ObjectBuilder {
    choice_of(ReplayScope::ALL)
        .describe("`failed` (deliveries that ended as failed or skipped) by default, or `all`.")
}

fn replay() -> ObjectBuilder {
    let replay = object()
        .property("id", uuid())
        .property("webhook_id", uuid())
        .property("deliveries", deliveries())
        .property("from", time())
        .property("to", time())
        .property("status", choice(ReplayStage::NAMES.iter().copied()))
        .property("total", or_null(count().describe("All deliveries; null until counted.")))
        .property("queued", count().describe("Deliveries that wait to be sent."))
        .property("done", count().describe("Deliveries that are finished."))
        .property("missing", count().describe("Deliveries without a request in the log."))
        .property("created_at", time())
        .property("updated_at", time());
    [
        "id",
        "webhook_id",
        "deliveries",
        "from",
        "to",
        "status",
        "total",
        "queued",
        "done",
        "missing",
        "created_at",
        "updated_at",
    ]
    .into_iter()
    .fold(replay, ObjectBuilder::required)
}
