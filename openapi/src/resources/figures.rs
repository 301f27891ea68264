//! `/v1/webhooks/{id}/stats`.

use callhook::scope::Scope;
use callhook::stats::{Hours, LatencyCounts};
use http::StatusCode;
use utoipa::openapi::ObjectBuilder;
use utoipa::openapi::path::HttpMethod;

use super::{Resource, webhooks};
use crate::answers::json;
use crate::parameters::times;
use crate::route::Route;
use crate::schema::{Describe as _, choice_of, count, list, named, object, or_null, time};

pub(super) fn resource() -> Resource {
    Resource {
        name: "figures",
        about: "Hourly figures of a webhook, for charts.",
        routes: vec![read()],
        schemas: vec![("Figures", figures().into()), ("Latency", latency().into())],
    }
}

fn read() -> Route {
    let path = "/v1/webhooks/{id}/stats";
    let days = Hours::MAX_DAYS;
    Route::acting(Scope::DeliveriesRead, HttpMethod::Get, path, "readFigures")
        .does("Read hourly figures")
        .says(&format!("Of at most {days} days; of the last day if no times are given."))
        .with(webhooks::id())
        .with_all(times("the figures"))
        .answers(StatusCode::OK, json("Every hour, in order.", named("Figures")))
}

fn figures() -> ObjectBuilder {
    let hour = object()
        .property("hour", time().describe("When it begins."))
        .property("delivered", count().describe("Deliveries."))
        .property("failed", count().describe("Deliveries."))
        .property("skipped", count().describe("Deliveries."))
        .property("attempts", count().describe("Requests."))
        .property("failed_attempts", count().describe("Requests."))
        .property("latency_ms", named("Latency"));
    let fields =
        ["hour", "delivered", "failed", "skipped", "attempts", "failed_attempts", "latency_ms"];
    let hour = fields.into_iter().fold(hour, ObjectBuilder::required);
    object().property("data", list(hour)).required("data")
}

fn latency() -> ObjectBuilder {
    let limit = or_null(
        choice_of(&LatencyCounts::LIMITS_MS)
            .schema_type(utoipa::openapi::schema::Type::Integer)
            .describe("At most, in milliseconds; null for what took longer than all."),
    );
    let bucket =
        object().property("le", limit).property("count", count()).required("le").required("count");
    let estimate = || or_null(count().describe("An estimate; null without attempts."));
    object()
        .property("buckets", list(bucket))
        .property("p50", estimate())
        .property("p95", estimate())
        .required("buckets")
        .required("p50")
        .required("p95")
}
