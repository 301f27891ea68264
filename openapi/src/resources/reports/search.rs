//! `GET /v1/reports`.

use callhook::domain::delivery::{DeliveryState, SkipReason};
use callhook::domain::journal::{CallFacts, StatusWanted};
use callhook::domain::scope::Scope;
use utoipa::openapi::path::HttpMethod;
use utoipa::openapi::{ObjectBuilder, RefOr, Schema};

use crate::examples::deliveries;
use crate::parameters::{in_query, paging, times};
use crate::responses::json;
use crate::route::Route;
use crate::schema::{
    Describe as _, boolean, choice, choice_of, list, named, object, or_null, string, time, uuid,
};

pub(super) fn search() -> Route {
    let status = choice(DeliveryState::NAMES.iter().copied().chain([StatusWanted::NO_WEBHOOK]));
    let number = string().pattern(Some(r"^[0-9+(). /-]{4,64}$"));
    Route::acting(Scope::DeliveriesRead, HttpMethod::Get, "/v1/reports", "searchReports")
        .summary("Search reports, newest first, or follow them in order of arrival")
        .description(
            "A page ends after a bounded amount of work, so it may be empty before the end: only a \
             `next_cursor` of null marks the end. With `order=arrival` the list has no end: send \
             `next_cursor` as `after`, now or later. Each report appears once, about 15 s after its \
             submission.",
        )
        .parameters(times("receipt"))
        .parameter(in_query(
            "number",
            "A phone number in `from`, `to` or `bridge`, or at least its last four digits.",
            number,
        ))
        .parameter(in_query("mid", "The campaign's message id.", string()))
        .parameter(in_query("call_id", "The call's `id`.", string()))
        .parameter(in_query("flow_id", "The flow's id.", string()))
        .parameter(in_query("source", "OBD or C2C.", string()))
        .parameter(in_query("call_status", "The call's status, such as BUSY.", string()))
        .parameter(in_query("webhook_id", "A webhook that the report was sent to.", uuid()))
        .parameter(in_query(
            "status",
            "The worst status of its deliveries; `no_webhook` if the report matched no webhook. Not \
             with `order=arrival`.",
            status,
        ))
        .parameter(in_query("order", "The order of the list; `newest` by default.", choice(["newest", "arrival"])))
        .parameters(paging())
        .parameter(in_query("after", "The `next_cursor` of a page with `order=arrival`.", string()))
        .ok(json("A page of the list.", named("ReportPage"), deliveries::searched()))
}

pub(super) fn page() -> RefOr<Schema> {
    let cursor = string().describe("The `cursor`, or `after`, of the next page.");
    let searched_to =
        time().describe("All reports received after this time are on this page or an earlier one.");
    let is_up_to_date =
        boolean().describe("With `order=arrival`: whether the page reaches the latest report.");
    object()
        .property("data", list(named("ReportRow")))
        .property("next_cursor", or_null(cursor))
        .property("searched_to", or_null(searched_to))
        .property("is_up_to_date", is_up_to_date)
        .required("data")
        .required("next_cursor")
        .into()
}

/// The fields of a row about the call.
const FACTS: [&str; 10] = [
    "start_at",
    "end_at",
    "from",
    "to",
    "bridge",
    "mid",
    "call_id",
    "flow_id",
    "source",
    "call_status",
];

/// A value of a report, with any characters.
fn any_text() -> ObjectBuilder {
    string().max_length(Some(CallFacts::MAX_BYTES))
}

/// A report in a search result.
pub(super) fn row() -> ObjectBuilder {
    let delivery = object()
        .property("webhook_id", uuid())
        .property("status", choice(DeliveryState::NAMES.iter().copied()))
        .property("next_attempt_at", time().describe("The attempt's earliest time."))
        .property("updated_at", time().describe("Omitted until the first attempt has ended."))
        .required("webhook_id")
        .required("status");
    let row = object()
        .property("id", uuid())
        .property("status", choice(DeliveryState::NAMES.iter().copied()))
        .property("reason", choice_of(&[SkipReason::NoWebhook]))
        .property("received_at", time())
        .property("event", string());
    let row = FACTS
        .into_iter()
        .fold(row, |row, fact| row.property(fact, or_null(any_text())).required(fact));
    row.property("deliveries", list(delivery))
        .required("id")
        .required("status")
        .required("received_at")
        .required("event")
        .required("deliveries")
}
