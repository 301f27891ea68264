//! `/v1/webhooks/{id}/replays`.

use callhook::delivery::ReplayScope;
use callhook::replay::ReplayStage;
use callhook::scope::Scope;
use http::StatusCode;
use utoipa::openapi::ObjectBuilder;
use utoipa::openapi::path::{HttpMethod, Parameter};

use super::{Resource, page_of_stored, webhooks};
use crate::answers::{json, location};
use crate::examples::{deliveries as examples, page};
use crate::parameters::{paging, uuid_in_path};
use crate::route::Route;
use crate::schema::{
    Describe as _, choice, choice_of, closed, count, named, named_time, object, or_null, time, uuid,
};

pub(super) fn resource() -> Resource {
    let request = closed()
        .property("from", named_time())
        .property("to", named_time())
        .property("deliveries", or_null(deliveries()))
        .required("from")
        .required("to");
    Resource {
        name: "replays",
        about: "A webhook's deliveries of a range of time, sent once more.",
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
    let queued = json("It is under way.", named("Replay"), examples::replay())
        .header("location", location());
    Route::acting(Scope::DeliveriesWrite, HttpMethod::Post, ALL, "createReplay")
        .does("Send a range of time again")
        .with(webhooks::id())
        .takes(named("NewReplay"), examples::new_replay())
        .answers(StatusCode::ACCEPTED, queued)
        .refuses(&[StatusCode::CONFLICT])
}

fn list() -> Route {
    Route::acting(Scope::DeliveriesRead, HttpMethod::Get, ALL, "listReplays")
        .does("List a webhook's replays, newest first")
        .with(webhooks::id())
        .with_all(paging())
        .answers(
            StatusCode::OK,
            json("A page.", named("ReplayPage"), page([examples::replay_under_way("sending")])),
        )
}

fn read() -> Route {
    Route::acting(Scope::DeliveriesRead, HttpMethod::Get, ONE, "readReplay")
        .does("Read a replay and its progress")
        .with(webhooks::id())
        .with(id())
        .answers(
            StatusCode::OK,
            json("The replay.", named("Replay"), examples::replay_under_way("sending")),
        )
}

fn cancel() -> Route {
    Route::acting(Scope::DeliveriesWrite, HttpMethod::Delete, ONE, "cancelReplay")
        .does("Cancel a replay")
        .says("What is queued still goes out.")
        .with(webhooks::id())
        .with(id())
        .answers(
            StatusCode::OK,
            json("As it is now.", named("Replay"), examples::replay_under_way("cancelled")),
        )
        .refuses(&[StatusCode::CONFLICT])
}

fn id() -> Parameter {
    uuid_in_path("replay_id", "The replay.")
}

fn deliveries() -> ObjectBuilder {
    choice_of(ReplayScope::ALL)
        .describe("`failed` (those that ended as failed or skipped) by default, or `all`.")
}

fn replay() -> ObjectBuilder {
    let replay = object()
        .property("id", uuid())
        .property("webhook_id", uuid())
        .property("deliveries", deliveries())
        .property("from", time())
        .property("to", time())
        .property("status", choice(ReplayStage::NAMES.iter().copied()))
        .property("total", or_null(count().describe("How many there are; null until counted.")))
        .property("queued", count().describe("Those that wait for their request."))
        .property("done", count().describe("Those that nothing is left to do for."))
        .property("missing", count().describe("Those whose request the log never showed."))
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
