//! `/v1/deliveries` and `/v1/webhooks/{id}/deliveries`.

use callhook::domain::delivery::{DeliveryState, LogEntry, SkipReason, Trigger, UndeliveredFilter};
use callhook::domain::scope::Scope;
use callhook::http_api::EvidenceView;
use http::StatusCode;
use utoipa::openapi::ObjectBuilder;
use utoipa::openapi::path::{HttpMethod, Parameter};

use super::trials::with_evidence;
use super::{Resource, page_of, reports, webhooks};
use crate::examples::{deliveries as examples, page};
use crate::parameters::{in_path, in_query, paging, times};
use crate::responses::json;
use crate::route::Route;
use crate::schema::{
    DELIVERY_ID, Describe as _, choice, choice_of, closed, count, integer, list, named, object,
    string, time, uuid,
};

pub(super) fn resource() -> Resource {
    Resource {
        name: "deliveries",
        description: "Deliveries, each of one report to one webhook.",
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
        .summary("Read a delivery with its attempts")
        .parameter(id())
        .ok(json("The delivery.", named("Delivery"), examples::delivery()))
}

fn list_of_account() -> Route {
    let status = choice(UndeliveredFilter::statuses().chain(["failing"]));
    Route::acting(Scope::DeliveriesRead, HttpMethod::Get, "/v1/deliveries", "listUndelivered")
        .summary("List undelivered deliveries of the account, latest report first")
        .description("Covers all webhooks, deleted ones included.")
        .parameter(in_query("status", "Only this status; all undelivered by default.", status))
        .parameter(in_query("webhook_id", "Only deliveries to this webhook.", uuid()))
        .parameters(times("the reports"))
        .parameters(paging())
        .ok(json("A page of the list.", named("DeliveryPage"), page([examples::failed()])))
}

fn list_of_webhook() -> Route {
    let path = "/v1/webhooks/{id}/deliveries";
    let status = choice(DeliveryState::NAMES.iter().copied().chain(["failing"]));
    let filter = "Only this status; `failing` includes all that are undelivered.";
    Route::acting(Scope::DeliveriesRead, HttpMethod::Get, path, "listDeliveries")
        .summary("List a webhook's deliveries, latest report first")
        .parameter(webhooks::id())
        .parameter(in_query("status", filter, status))
        .parameters(times("the reports"))
        .parameters(paging())
        .ok(json("A page of the list.", named("DeliveryPage"), page([examples::failed()])))
}

fn resend() -> Route {
    let path = "/v1/deliveries/{id}/resend";
    let description = "Sends one request, without retries. A scheduled retry stays.";
    Route::acting(Scope::DeliveriesWrite, HttpMethod::Post, path, "resendDelivery")
        .summary("Send a delivery again")
        .description(description)
        .parameter(id())
        .optional_body(closed(), serde_json::json!({}))
        .response(
            StatusCode::ACCEPTED,
            json("The resend is queued.", named("Resend"), examples::resend()),
        )
        .problems(&[StatusCode::CONFLICT])
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
        .property("reason", choice_of(&reasons).describe("Why the delivery was skipped."))
        .property("detail", string().describe("Why it failed or was skipped, as a sentence."))
        .property("next_attempt_at", time().describe("The attempt's earliest time."))
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
        .property("replay_id", uuid().describe("The last replay that included the delivery."))
        .property("report", reports::sent())
        .property("attempts", attempts.describe("The latest attempts, oldest first."))
        .required("report")
        .required("attempts")
}

fn attempt() -> ObjectBuilder {
    let omitted = list(choice(EvidenceView::OMITTED))
        .describe("Fields of the attempt that the log does not have.");
    let attempt = object()
        .describe("One request to the receiver.")
        .property("at", time().describe("The time of the outcome."))
        .property("number", count().describe("Counts attempts with the same trigger, from 1."))
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
        .property("id", uuid().describe("The `resend_id` of the attempt."))
        .property("delivery_id", delivery_id())
        .required("id")
        .required("delivery_id")
}
