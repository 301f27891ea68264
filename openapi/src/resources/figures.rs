//! `/v1/webhooks/{id}/stats` and `/v1/stats`.

use callhook::domain::scope::Scope;
use callhook::domain::stats::{Hours, LatencyCounts};
use utoipa::openapi::path::HttpMethod;
use utoipa::openapi::{ObjectBuilder, RefOr, Schema};

use super::{Resource, webhooks};
use crate::examples::figures as examples;
use crate::parameters::times;
use crate::responses::json;
use crate::route::Route;
use crate::schema::{Describe as _, choice_of, count, list, named, object, or_null, time};

pub(super) fn resource() -> Resource {
    Resource {
        name: "figures",
        description: "Hourly figures of a webhook or an account, for charts.",
        routes: vec![read(), read_of_account()],
        schemas: vec![
            ("Figures", figures().into()),
            ("Latency", latency().into()),
            ("WebhookSummary", summary().into()),
        ],
    }
}

fn read() -> Route {
    let path = "/v1/webhooks/{id}/stats";
    let days = Hours::MAX_DAYS;
    Route::acting(Scope::DeliveriesRead, HttpMethod::Get, path, "readFigures")
        .summary("Read hourly figures of a webhook")
        .description(&format!("Covers at most {days} days; the last day if no times are given."))
        .parameter(webhooks::id())
        .parameters(times("the figures"))
        .ok(json("Every hour of the time range, in order.", named("Figures"), examples::figures()))
}

fn read_of_account() -> Route {
    let days = Hours::MAX_DAYS;
    Route::acting(Scope::DeliveriesRead, HttpMethod::Get, "/v1/stats", "readAccountFigures")
        .summary("Read hourly figures of the account")
        .description(&format!(
            "Covers all webhooks of the account, deleted ones included, and at most {days} days; the last day if no times are \
             given."
        ))
        .parameters(times("the figures"))
        .ok(json("Every hour of the time range, in order.", named("Figures"), examples::figures()))
}

fn figures() -> ObjectBuilder {
    let hour = object()
        .property("hour", time().describe("The start of the hour."))
        .property("delivered", count().describe("Deliveries that ended as delivered."))
        .property("failed", count().describe("Deliveries that ended as failed."))
        .property("skipped", count().describe("Deliveries that ended as skipped."))
        .property("attempts", count().describe("Requests to the receiver."))
        .property("failed_attempts", count().describe("Requests that failed."))
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
            .describe("The upper bound of the bucket in milliseconds; null for longer latencies."),
    );
    let bucket =
        object().property("le", limit).property("count", count()).required("le").required("count");
    let estimate =
        || or_null(count().describe("An estimate in milliseconds; null without attempts."));
    object()
        .property("buckets", list(bucket))
        .property("p50", estimate())
        .property("p95", estimate())
        .required("buckets")
        .required("p50")
        .required("p95")
}

fn summary() -> ObjectBuilder {
    let rate = || {
        let rate = ObjectBuilder::new().schema_type(utoipa::openapi::schema::Type::Number);
        or_null(rate.minimum(Some(0u64)).maximum(Some(1u64)))
    };
    let hours = |shape: RefOr<Schema>| list(shape).min_items(Some(24)).max_items(Some(24));
    let hourly = object()
        .describe("Values by hour, oldest first.")
        .property("delivered", hours(count().into()))
        .property("failed", hours(count().into()))
        .property("success_rate", hours(rate()))
        .required("delivered")
        .required("failed")
        .required("success_rate");
    let summary = object()
        .describe("Outcomes of deliveries in the last 24 hours, the current one included.")
        .property("first_hour", time().describe("The start of the first hour."))
        .property("delivered", count().describe("Deliveries that ended as delivered."))
        .property("failed", count().describe("Deliveries that ended as failed."))
        .property("success_rate", rate())
        .property("hourly", hourly);
    let fields = ["first_hour", "delivered", "failed", "success_rate", "hourly"];
    fields.into_iter().fold(summary, ObjectBuilder::required)
}
