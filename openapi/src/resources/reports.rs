//! `/v1/reports`.

mod search;

use callhook::delivery::{DeliveryState, SkipReason};
use callhook::report::{NUMBER_OR_TEXT, Report, TEXT};
use callhook::scope::Scope;
use http::StatusCode;
use utoipa::openapi::path::{HttpMethod, Parameter};
use utoipa::openapi::response::ResponseBuilder;
use utoipa::openapi::schema::{SchemaType, Type};
use utoipa::openapi::{ContentBuilder, ObjectBuilder, RefOr, Schema};

use super::Resource;
use super::subscriptions::event;
use crate::answers::{empty, json, refused};
use crate::examples::deliveries as examples;
use crate::parameters::{header, uuid_in_path};
use crate::route::Route;
use crate::schema::{
    Describe as _, choice, choice_of, count, list, named, object, one_of, or_null, string, time,
    uuid,
};

pub(super) fn resource() -> Resource {
    Resource {
        name: "reports",
        about: "What finished calls left behind.",
        routes: vec![hand_over(), search::search(), read(), erase()],
        schemas: vec![
            ("Report", report().into()),
            ("AcceptedReport", accepted(object()).into()),
            ("AcceptedReports", accepted_reports().into()),
            ("ReportStatus", status().into()),
            ("ReportRow", search::row().into()),
            ("ReportPage", search::page()),
        ],
    }
}

fn hand_over() -> Route {
    let many = list(named("Report")).min_items(Some(1)).max_items(Some(Report::MAX_IN_REQUEST));
    let unavailable = batch(StatusCode::SERVICE_UNAVAILABLE, "None was queued; send it again.")
        .header("retry-after", crate::answers::header("When to try again.", count()));
    Route::acting(Scope::ReportsWrite, HttpMethod::Post, "/v1/reports", "handOverReports")
        .does("Hand over a report, or an array of them")
        .says(
            "A report is accepted once the queue holds it. The same content, sent again, has the \
             same id; `date`, `unixtime` and the webhooks that it names do not count.",
        )
        .with(idempotency_key())
        .takes(one_of([named("Report"), many.into()]), examples::report())
        .answers(
            StatusCode::ACCEPTED,
            json(
                "All were accepted.",
                one_of([named("AcceptedReport"), named("AcceptedReports")]),
                examples::accepted(),
            ),
        )
        .answers(
            StatusCode::MULTI_STATUS,
            json("Some were accepted.", named("AcceptedReports"), examples::accepted_in_part()),
        )
        .answers(
            StatusCode::UNPROCESSABLE_ENTITY,
            batch(StatusCode::UNPROCESSABLE_ENTITY, "None can be taken as it is."),
        )
        .answers(StatusCode::SERVICE_UNAVAILABLE, unavailable)
}

/// An answer that is a problem if one report was sent, and goes through them if it was an array.
fn batch(status: StatusCode, says: &str) -> ResponseBuilder {
    let mut shapes = vec![named("AcceptedReports")];
    if status == StatusCode::SERVICE_UNAVAILABLE {
        shapes.push(named("GatewayMessage"));
    }
    let problem = ContentBuilder::new().schema(Some(named("Problem"))).build();
    refused(says, one_of(shapes)).content("application/problem+json", problem)
}

fn read() -> Route {
    Route::acting(Scope::DeliveriesRead, HttpMethod::Get, "/v1/reports/{id}", "readReport")
        .does("Look up a report and its deliveries")
        .with(id())
        .answers(StatusCode::OK, json("The report.", named("ReportStatus"), examples::found()))
}

fn erase() -> Route {
    Route::acting(Scope::ReportsErase, HttpMethod::Delete, "/v1/reports/{id}", "eraseReport")
        .does("Erase a report")
        .says(
            "All that is stored of it goes, and what still waits is not sent. 404 says that nothing \
             was stored of it; were it on its way, it would not be sent either. An account may do \
             that 100 times an hour with reports of which nothing is stored.",
        )
        .with(id())
        .answers(StatusCode::NO_CONTENT, empty("It is gone."))
}

fn id() -> Parameter {
    uuid_in_path("id", "The report.")
}

fn idempotency_key() -> Parameter {
    header(
        "Idempotency-Key",
        "Gives the report its id, instead of its content; in an array together with the content.",
        string().pattern(Some("^[!-~]{1,255}$")),
    )
}

fn report() -> ObjectBuilder {
    let both = || {
        ObjectBuilder::new().schema_type(SchemaType::from_iter([
            Type::Number,
            Type::String,
            Type::Null,
        ]))
    };
    let mut report = object().describe(&format!(
        "A call report: one or more of the documented fields, and any others. At most {} KiB, {} \
         values (`webhook_ids` aside) and {} levels.",
        Report::MAX_BYTES / 1024,
        Report::MAX_VALUES,
        Report::MAX_DEPTH,
    ));
    for field in NUMBER_OR_TEXT {
        let mut shape = both();
        if field == "id" {
            shape = shape.min_length(Some(1)).max_length(Some(Report::MAX_ID_BYTES));
        }
        report = report.property(field, shape);
    }
    for field in TEXT {
        report = report.property(field, or_null(string()));
    }
    for field in Report::CALL_TIMES {
        let any = [Type::String, Type::Number, Type::Boolean, Type::Null];
        let any = ObjectBuilder::new().schema_type(SchemaType::from_iter(any));
        let meaning =
            "A time such as 2021-04-09 16:27:39. What is none is passed on and counts as absent.";
        report = report.property(field, any.describe(meaning));
    }
    let webhooks = list(uuid()).min_items(Some(1)).max_items(Some(Report::MAX_WEBHOOKS));
    report
        .property("event", or_null(event()))
        .property("webhook_id", or_null(uuid().describe("A webhook that it goes to.")))
        .property("webhook_ids", or_null(webhooks.describe("Webhooks that it goes to.")))
}

/// What an accepted report is answered with, added to `shape`.
fn accepted(shape: ObjectBuilder) -> ObjectBuilder {
    let warnings = list(named("FieldError")).describe(
        "Fields that are passed on as they came and count as absent: `start_at` and `end_at` that \
         are no date and time. Left out if there are none.",
    );
    shape.property("id", uuid()).property("warnings", warnings).required("id")
}

fn accepted_reports() -> ObjectBuilder {
    let accepted = accepted(object().property("index", count()).required("index"));
    let refused = object()
        .property("index", count())
        .property("error", named("Problem"))
        .required("index")
        .required("error");
    object()
        .describe("What became of each report of an array.")
        .property("accepted", count())
        .property("refused", count())
        .property("reports", list(one_of([accepted.into(), refused.into()])))
        .required("accepted")
        .required("refused")
        .required("reports")
}

fn status() -> ObjectBuilder {
    let status = choice(DeliveryState::NAMES.iter().copied())
        .describe("That of the worst delivery; `skipped` if there is none.");
    object()
        .property("id", uuid())
        .property("status", status)
        .property("reason", choice_of(&[SkipReason::NoWebhook]))
        .property("detail", string())
        .property("received_at", time())
        .property("report", sent())
        .property("deliveries", list(named("DeliverySummary")))
        .required("id")
        .required("status")
        .required("received_at")
        .required("report")
        .required("deliveries")
}

/// A report in an answer.
pub(super) fn sent() -> RefOr<Schema> {
    object().describe("The report as it was sent.").into()
}
