//! `/v1/webhooks/{id}/stats` and `/v1/stats`.

use callhook::scope::Scope;
use callhook::stats::{Hours, LatencyCounts};
use http::StatusCode;
use utoipa::openapi::path::HttpMethod;
use utoipa::openapi::{ObjectBuilder, RefOr, Schema};

use super::{Resource, webhooks};
use crate::answers::json;
use crate::examples::figures as examples;
use crate::parameters::times;
use crate::route::Route;
use crate::schema::{Describe as _, choice_of, count, list, named, object, or_null, time};

pub(super) fn resource() -> Resource {
    Resource {
        name: "figures",
        about: "Hourly figures of a webhook and of an account, for charts.",
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
        .does("Read hourly figures")
        .says(&format!("Of at most {days} days; of the last day if no times are given."))
        .with(webhooks::id())
        .with_all(times("the figures"))
        .answers(
            StatusCode::OK,
            json("Every hour, in order.", named("Figures"), examples::figures()),
        )
}

fn read_of_account() -> Route {
    let days = Hours::MAX_DAYS;
    Route::acting(Scope::DeliveriesRead, HttpMethod::Get, "/v1/stats", "readAccountFigures")
        .does("Read hourly figures of the account")
        .says(&format!(
            "Of all its webhooks together, deleted ones as well. Of at most {days} days; of the last day if no times are \
             given."
        ))
        .with_all(times("the figures"))
        .answers(StatusCode::OK, json("Every hour, in order.", named("Figures"), examples::figures()))
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

fn summary() -> ObjectBuilder {
    let rate = || {
        let rate = ObjectBuilder::new().schema_type(utoipa::openapi::schema::Type::Number);
        or_null(rate.minimum(Some(0u64)).maximum(Some(1u64)))
    };
    let hours = |shape: RefOr<Schema>| list(shape).min_items(Some(24)).max_items(Some(24));
    let hourly = object()
        .describe("By the hour, the oldest first.")
        .property("delivered", hours(count().into()))
        .property("failed", hours(count().into()))
        .property("success_rate", hours(rate()))
        .required("delivered")
        .required("failed")
        .required("success_rate");
    let summary = object()
        .describe("How deliveries ended in the last 24 hours, the current one included.")
        .property("first_hour", time().describe("When the first hour begins."))
        .property("delivered", count().describe("Deliveries."))
        .property("failed", count().describe("Deliveries."))
        .property("success_rate", rate())
        .property("hourly", hourly);
    let fields = ["first_hour", "delivered", "failed", "success_rate", "hourly"];
    fields.into_iter().fold(summary, ObjectBuilder::required)
}
