//! `GET /v1/reports`.

use callhook::delivery::{DeliveryState, SkipReason};
use callhook::journal::{CallFacts, StatusWanted};
use callhook::scope::Scope;
use http::StatusCode;
use utoipa::openapi::path::HttpMethod;
use utoipa::openapi::{ObjectBuilder, RefOr, Schema};

use crate::answers::json;
use crate::examples::deliveries;
use crate::parameters::{in_query, paging, times};
use crate::route::Route;
use crate::schema::{
    Describe as _, boolean, choice, choice_of, list, named, object, or_null, string, time, uuid,
};

pub(super) fn search() -> Route {
    let status = choice(DeliveryState::NAMES.iter().copied().chain([StatusWanted::NO_WEBHOOK]));
    let number = string().pattern(Some(r"^[0-9+(). /-]{4,64}$"));
    Route::acting(Scope::DeliveriesRead, HttpMethod::Get, "/v1/reports", "searchReports")
        .does("Search reports, the newest first, or follow them in the order of arrival")
        .says(
            "A page ends after a bounded amount of work, so it may be empty although more follow: \
             only a `next_cursor` of null is the end. With `order=arrival` there is no end: \
             `next_cursor` goes into `after`, at once or later, and every report comes once, some \
             15 s after it was handed over.",
        )
        .with_all(times("receipt"))
        .with(in_query(
            "number",
            "A phone number in `from`, `to` or `bridge`, or its last digits, four at least.",
            number,
        ))
        .with(in_query("mid", "The campaign's message id.", string()))
        .with(in_query("call_id", "The call's `id`.", string()))
        .with(in_query("flow_id", "The flow.", string()))
        .with(in_query("source", "OBD or C2C.", string()))
        .with(in_query("call_status", "The call's status, such as BUSY.", string()))
        .with(in_query("webhook_id", "A webhook that the report went to.", uuid()))
        .with(in_query(
            "status",
            "Where the worst of its deliveries stands; `no_webhook` if no webhook wanted it. Not \
             with `order=arrival`.",
            status,
        ))
        .with(in_query("order", "`newest` by default.", choice(["newest", "arrival"])))
        .with_all(paging())
        .with(in_query("after", "The `next_cursor` of a page with `order=arrival`.", string()))
        .answers(StatusCode::OK, json("A page.", named("ReportPage"), deliveries::searched()))
}

pub(super) fn page() -> RefOr<Schema> {
    let cursor = string().describe("What to send as `cursor`, or as `after`, for the next page.");
    let searched_to =
        time().describe("All that was received later is on this page or one before it.");
    let is_up_to_date =
        boolean().describe("With `order=arrival`: whether that was all that there is by now.");
    object()
        .property("data", list(named("ReportRow")))
        .property("next_cursor", or_null(cursor))
        .property("searched_to", or_null(searched_to))
        .property("is_up_to_date", is_up_to_date)
        .required("data")
        .required("next_cursor")
        .into()
}

/// What a row tells of the call.
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

/// What a report says, whatever characters it is made of.
fn any_text() -> ObjectBuilder {
    string().max_length(Some(CallFacts::MAX_BYTES))
}

/// A report in a list.
pub(super) fn row() -> ObjectBuilder {
    let delivery = object()
        .property("webhook_id", uuid())
        .property("status", choice(DeliveryState::NAMES.iter().copied()))
        .property("next_attempt_at", time().describe("Not before."))
        .property("updated_at", time().describe("Left out before its first attempt has ended."))
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
