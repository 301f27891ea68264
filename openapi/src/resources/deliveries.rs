//! `/v1/deliveries` and `/v1/webhooks/{id}/deliveries`.

use callhook::delivery::{DeliveryState, LogEntry, SkipReason, Trigger, UndeliveredFilter};
use callhook::http_api::EvidenceView;
use callhook::scope::Scope;
use http::StatusCode;
use utoipa::openapi::ObjectBuilder;
use utoipa::openapi::path::{HttpMethod, Parameter};

use super::trying::with_evidence;
use super::{Resource, page_of, reports, webhooks};
use crate::answers::json;
use crate::examples::{deliveries as examples, page};
use crate::parameters::{in_path, in_query, paging, times};
use crate::route::Route;
use crate::schema::{
    DELIVERY_ID, Describe as _, choice, choice_of, closed, count, integer, list, named, object,
    string, time, uuid,
};

pub(super) fn resource() -> Resource {
    Resource {
        name: "deliveries",
        about: "One report on its way to one webhook each.",
        routes: vec![list_of_account(), read(), list_of_webhook(), resend()],
        schemas: vec![
            ("Attempt", attempt().into()),
            ("Delivery", delivery().into()),
            ("DeliverySummary", summary().into()),
            ("DeliveryPage", page_of("DeliverySummary")),
            ("Resend", resend_answer().into()),
        ],
    }
}

fn read() -> Route {
    Route::acting(Scope::DeliveriesRead, HttpMethod::Get, "/v1/deliveries/{id}", "readDelivery")
        .does("Read a delivery with every attempt")
        .with(id())
        .answers(StatusCode::OK, json("The delivery.", named("Delivery"), examples::delivery()))
}

fn list_of_account() -> Route {
    let status = choice(UndeliveredFilter::statuses().chain(["failing"]));
    Route::acting(Scope::DeliveriesRead, HttpMethod::Get, "/v1/deliveries", "listUndelivered")
        .does("List what of an account is not delivered, latest report first")
        .says("Over all webhooks, those included that were deleted.")
        .with(in_query("status", "Only these; all that are not delivered by default.", status))
        .with(in_query("webhook_id", "Only those to this webhook.", uuid()))
        .with_all(times("the reports"))
        .with_all(paging())
        .answers(StatusCode::OK, json("A page.", named("DeliveryPage"), page([examples::failed()])))
}

fn list_of_webhook() -> Route {
    let path = "/v1/webhooks/{id}/deliveries";
    let status = choice(DeliveryState::NAMES.iter().copied().chain(["failing"]));
    let says = "Only these; `failing` are all that are not delivered.";
    Route::acting(Scope::DeliveriesRead, HttpMethod::Get, path, "listDeliveries")
        .does("List a webhook's deliveries, latest report first")
        .with(webhooks::id())
        .with(in_query("status", says, status))
        .with_all(times("the reports"))
        .with_all(paging())
        .answers(StatusCode::OK, json("A page.", named("DeliveryPage"), page([examples::failed()])))
}

fn resend() -> Route {
    let path = "/v1/deliveries/{id}/resend";
    let says = "One request, which no retry follows; a scheduled retry stays.";
    Route::acting(Scope::DeliveriesWrite, HttpMethod::Post, path, "resendDelivery")
        .does("Send a delivery again")
        .says(says)
        .with(id())
        .may_take(closed(), serde_json::json!({}))
        .answers(
            StatusCode::ACCEPTED,
            json("It will be sent.", named("Resend"), examples::resend()),
        )
        .refuses(&[StatusCode::CONFLICT])
}

fn id() -> Parameter {
    in_path("id", "`<webhook id>.<report id>`", delivery_id())
}

fn delivery_id() -> ObjectBuilder {
    string().pattern(Some(DELIVERY_ID))
}

fn head() -> ObjectBuilder {
    let reasons = SkipReason::ALL.iter().filter(|reason| **reason != SkipReason::NoWebhook);
    let reasons: Vec<_> = reasons.collect();
    object()
        .property("id", delivery_id())
        .property("webhook_id", uuid())
        .property("report_id", uuid())
        .property("status", choice(DeliveryState::NAMES.iter().copied()))
        .property("reason", choice_of(&reasons).describe("Why it was skipped."))
        .property("detail", string().describe("Why it failed or was skipped: a sentence."))
        .property("next_attempt_at", time().describe("Not before."))
        .property("received_at", time().describe("When the report was accepted."))
        .property("updated_at", time())
        .required("id")
        .required("webhook_id")
        .required("report_id")
        .required("status")
        .required("received_at")
        .required("updated_at")
}

fn summary() -> ObjectBuilder {
    head()
        .property("attempt_count", count())
        .property("last_attempt", named("Attempt"))
        .required("attempt_count")
}

fn delivery() -> ObjectBuilder {
    let attempts = list(named("Attempt")).max_items(Some(LogEntry::MAX_ATTEMPTS));
    head()
        .property("replay_id", uuid().describe("The replay that last came by."))
        .property("report", reports::sent())
        .property("attempts", attempts.describe("The last ones, oldest first."))
        .required("report")
        .required("attempts")
}

fn attempt() -> ObjectBuilder {
    let omitted = list(choice(EvidenceView::OMITTED))
        .describe("Fields of a delivery's attempt that the log did not keep.");
    let attempt = object()
        .describe("One request.")
        .property("at", time().describe("When its outcome was known."))
        .property("number", count().describe("Among those with the same trigger, from 1."))
        .property("trigger", choice(Trigger::NAMES))
        .property("resend_id", uuid())
        .property("replay_id", uuid())
        .property("status_code", integer(100..=999))
        .property("error", named("AttemptError"))
        .property("latency_ms", count())
        .property("response", named("ResponseBody"))
        .required("at")
        .required("number")
        .required("trigger")
        .required("latency_ms");
    with_evidence(attempt).property("omitted", omitted)
}

fn resend_answer() -> ObjectBuilder {
    object()
        .property("id", uuid().describe("Stands in the attempt as `resend_id`."))
        .property("delivery_id", delivery_id())
        .required("id")
        .required("delivery_id")
}
